// A backend with the current SDK.
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
import { PERMISSIONS, allows, rolesFor } from "./harness/app.mjs";
import { run } from "./harness/run.mjs";
import { moreRecipes } from "./recipes/index.mjs";
import { passwordOutcomes } from "./recipes/password.mjs";
import { TENANTS, createTenants } from "./recipes/tenants.mjs";

const { dependencies } = createRequire(import.meta.url)("./package.json");
const TENANT = "public";

function init({ options, apiDomain, connectionURI, ownsCore, ledger, mailbox, providerUrl }) {
  const isAllowed = allows(options.websiteDomains);
  const origin = ({ request }) => {
    const asked = request?.getHeaderValue("origin");
    return asked && isAllowed(asked) ? asked : (options.websiteDomains[0] ?? "http://localhost:8080");
  };

  supertokens.init({
    framework: "express",
    telemetry: false,
    supertokens: { connectionURI },
    appInfo: { appName: "supertokens-leptos tests", apiDomain, origin, apiBasePath: "/auth", websiteBasePath: "/auth" },
    recipeList: [
      EmailPassword.init({
        emailDelivery: { override: sendTo(mailbox) },
        override: {
          functions: (original) => {
            const outcomes = options.recipes ? passwordOutcomes.functions(original) : {};
            return { ...original, ...outcomes, signUp: withRoles(original, "signUp") };
          },
          apis: (original) => ({ ...original, ...(options.recipes && passwordOutcomes.apis(original)) }),
        },
      }),
      EmailVerification.init({ mode: "OPTIONAL", emailDelivery: { override: sendTo(mailbox) } }),
      UserRoles.init(),
      ...(options.recipes ? moreRecipes({ sendTo, mailbox, withRoles, providerUrl }) : []),
      Session.init({
        antiCsrf: options.antiCsrf,
        cookieDomain: options.cookieDomain,
        olderCookieDomain: options.olderCookieDomain,
        useDynamicAccessTokenSigningKey: !options.staticKey,
        // A test can change the stand-in's keys; a cached one would stay valid.
        jwksRefreshIntervalSec: ownsCore ? 0 : undefined,
        override: { functions: (original) => ({ ...original, ...watched(original, ledger) }) },
      }),
    ],
  });

  return {
    info: {
      generation: "current",
      sdk: `supertokens-node ${dependencies["supertokens-node"]}`,
      tenants: options.recipes ? TENANTS : [TENANT],
    },
    middleware,
    errorHandler,
    verifySession,
    corsHeaders: () => supertokens.getAllCORSHeaders(),
    adminValidator: () => UserRoles.UserRoleClaim.validators.includes("admin"),
    setRole: async (userId, role, give) => {
      const change = give ? UserRoles.addRoleToUser : UserRoles.removeUserRole;
      return (await change(TENANT, userId, role)).status === "OK";
    },
    roleClaims: [UserRoles.UserRoleClaim, UserRoles.PermissionClaim],
    emailClaim: EmailVerification.EmailVerificationClaim,
    rolesOf: async (userId) => (await UserRoles.getRolesForUser(TENANT, userId)).roles,
    revoke: (handles) => Session.revokeMultipleSessions(handles),
    signUp: (email, password) => EmailPassword.signUp(TENANT, email, password),
    listUsers: async (limit) => {
      const { users } = await supertokens.getUsersOldestFirst({ tenantId: TENANT, limit });
      return users.map(({ id, emails, timeJoined }) => ({ id, email: emails[0], timeJoined }));
    },
    prepare: async () => {
      for (const [role, permissions] of Object.entries(PERMISSIONS)) {
        await UserRoles.createNewRoleOrAddPermissions(role, permissions);
      }
      if (options.recipes) await createTenants();
    },
  };
}

// Mails are stored here and not sent.
const sendTo = (mailbox) => (original) => ({ ...original, sendEmail: async (mail) => mailbox.take(mail) });

// Roles are added before the session is created, so that its claims have them.
const withRoles = (original, name) => async (input) => {
  const result = await original[name](input);
  if (result.status !== "OK" || result.createdNewRecipeUser === false) return result;
  const { users } = await UserRoles.getUsersThatHaveRole(input.tenantId, "admin");
  for (const role of rolesFor(result.user.emails[0] ?? "", users.length > 0)) {
    await UserRoles.addRoleToUser(input.tenantId, result.user.id, role);
  }
  return result;
};

const watched = (original, ledger) => ({
  createNewSession: async (input) => {
    const user = await supertokens.getUser(input.userId, input.userContext);
    const accessTokenPayload = { ...input.accessTokenPayload, email: user?.emails[0] };
    const session = await original.createNewSession({ ...input, accessTokenPayload });
    ledger.note(session.getAccessToken());
    return session;
  },
  getSession: async (input) => {
    if (ledger.isExpired(input.accessToken)) {
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
