// A backend with the newest SDK of the older generation, which uses `id-refresh-token`.
import cors from "cors";
import express from "express";
import { createRequire } from "node:module";
import supertokens from "supertokens-node";
import { errorHandler, middleware } from "supertokens-node/framework/express/index.js";
import EmailPassword from "supertokens-node/recipe/emailpassword/index.js";
import EmailVerification from "supertokens-node/recipe/emailverification/index.js";
import { verifySession } from "supertokens-node/recipe/session/framework/express/index.js";
import Session from "supertokens-node/recipe/session/index.js";
import UserRoles from "supertokens-node/recipe/userroles/index.js";
import { PERMISSIONS, rolesFor } from "../harness/app.mjs";
import { run } from "../harness/run.mjs";

const { dependencies } = createRequire(import.meta.url)("./package.json");

function init({ options, apiDomain, connectionURI, ledger, mailbox }) {
  supertokens.init({
    framework: "express",
    // Without this it would send telemetry.
    telemetry: false,
    supertokens: { connectionURI },
    appInfo: {
      appName: "supertokens-leptos tests",
      apiDomain,
      websiteDomain: options.websiteDomains[0] ?? "http://localhost:8080",
      apiBasePath: "/auth",
      websiteBasePath: "/auth",
    },
    recipeList: [
      EmailPassword.init({
        override: {
          functions: (original) => ({ ...original, signUp: withRoles(original) }),
        },
      }),
      EmailVerification.init({ mode: "OPTIONAL", emailDelivery: { override: sendTo(mailbox) } }),
      UserRoles.init(),
      Session.init({
        antiCsrf: options.antiCsrf,
        cookieDomain: options.cookieDomain,
        override: { functions: (original) => ({ ...original, ...watched(original, ledger) }) },
      }),
    ],
  });

  return {
    info: { generation: "older", sdk: `supertokens-node ${dependencies["supertokens-node"]}` },
    middleware,
    errorHandler,
    verifySession,
    corsHeaders: () => supertokens.getAllCORSHeaders(),
    adminValidator: () => UserRoles.UserRoleClaim.validators.includes("admin"),
    setRole: async (userId, role, give) => {
      const change = give ? UserRoles.addRoleToUser : UserRoles.removeUserRole;
      return (await change(userId, role)).status === "OK";
    },
    roleClaims: [UserRoles.UserRoleClaim, UserRoles.PermissionClaim],
    emailClaim: EmailVerification.EmailVerificationClaim,
    rolesOf: async (userId) => (await UserRoles.getRolesForUser(userId)).roles,
    revoke: (handles) => Session.revokeMultipleSessions(handles),
    signUp: (email, password) => EmailPassword.signUp(email, password),
    listUsers: async (limit) => (await supertokens.getUsersOldestFirst({ limit })).users.map(({ user }) => user),
    prepare: async () => {
      for (const [role, permissions] of Object.entries(PERMISSIONS)) {
        await UserRoles.createNewRoleOrAddPermissions(role, permissions);
      }
    },
  };
}

// Mails are stored here and not sent.
const sendTo = (mailbox) => (original) => ({ ...original, sendEmail: async (mail) => mailbox.take(mail) });

// Roles are added before the session is created, so that its claims have them.
const withRoles = (original) => async (input) => {
  const result = await original.signUp(input);
  if (result.status !== "OK") return result;
  const { users } = await UserRoles.getUsersThatHaveRole("admin");
  for (const role of rolesFor(result.user.email, users.length > 0)) {
    await UserRoles.addRoleToUser(result.user.id, role);
  }
  return result;
};

const watched = (original, ledger) => ({
  createNewSession: async (input) => {
    const user = await EmailPassword.getUserById(input.userId);
    const accessTokenPayload = { ...input.accessTokenPayload, email: user?.email };
    const session = await original.createNewSession({ ...input, accessTokenPayload });
    ledger.note(session.getAccessToken());
    return session;
  },
  getSession: async (input) => {
    if (ledger.isExpired(input.req.getCookieValue("sAccessToken"))) {
      throw new Session.Error({ type: Session.Error.TRY_REFRESH_TOKEN, message: "expired by a test" });
    }
    return original.getSession(input);
  },
  refreshSession: async (input) => {
    try {
      const session = await original.refreshSession(input);
      ledger.note(session.getAccessToken());
      return session;
    } catch (error) {
      if (error.type === Session.Error.TOKEN_THEFT_DETECTED) ledger.thefts += 1;
      throw error;
    }
  },
});

await run(init, { express, cors });
