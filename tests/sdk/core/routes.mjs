// The responses of a core, by method and path. `q` is the query, `b` the body, `cdi` the version that the SDK requests,
// `tenantId` the tenant in the path.
import { Keys, signJwt } from "./keys.mjs";
import { Sessions } from "./sessions.mjs";
import { tokenVersion } from "./tokens.mjs";
import { Linking, linkingRoutes } from "./linking.mjs";
import { Mails } from "./mails.mjs";
import { Metadata, metadataRoutes } from "./metadata.mjs";
import { OAuth, oauthRoutes } from "./oauth.mjs";
import { Devices, passwordlessRoutes } from "./passwordless.mjs";
import { ResetTokens, resetRoutes } from "./reset.mjs";
import { Roles } from "./roles.mjs";
import { Tenants, tenantRoutes } from "./tenants.mjs";
import { thirdPartyRoutes } from "./third_party.mjs";
import { Totp, totpRoutes } from "./totp.mjs";
import { Users, describeUserOld } from "./users.mjs";
import { Passkeys, passkeyRoutes } from "./webauthn.mjs";

export const CDI_VERSIONS = ["2.15", "5.4"];
const isOld = (cdi) => cdi.startsWith("2.");

export async function createRoutes({ accessTokenSeconds, checksDatabase }) {
  const keys = await Keys.create();
  const sessions = new Sessions(keys, accessTokenSeconds * 1000);
  const mails = new Mails();
  const passkeys = new Passkeys();
  const users = new Users({
    isVerified: (whose) => mails.isVerified(whose).isVerified,
    credentialIdsOf: (userId) => passkeys.idsOf(userId),
  });
  const roles = new Roles();
  const resetTokens = new ResetTokens();
  const recoverTokens = new ResetTokens();
  const devices = new Devices();
  const oauth = new OAuth();
  const tenants = new Tenants();

  const oneUser = (user, missing, cdi) => {
    if (!user) return { status: missing };
    if (isOld(cdi)) return { status: "OK", user: describeUserOld(user) };
    return { status: "OK", user: users.describe(user), recipeUserId: user.id };
  };
  // Fields that a CDI version does not have are left out, since its SDKs copy whole responses.
  const fit = (response, cdi) => {
    const { idRefreshToken, ...rest } = response;
    if (!isOld(cdi)) return rest;
    const { session } = response;
    if (session) response.session = { handle: session.handle, userId: session.userId, userDataInJWT: session.userDataInJWT };
    return response;
  };
  const withKeys = (response, cdi) => (isOld(cdi) ? { ...response, ...keys.legacyKeys() } : response);

  const routes = {
    "GET /apiversion": () => ({ versions: CDI_VERSIONS }),
    "GET /hello": () => "Hello\n",
    "GET /telemetry": () => ({ status: "OK", exists: false }),
    "GET /.well-known/jwks.json": () => ({ keys: keys.jwks() }),
    "GET /recipe/jwt/jwks": () => ({ status: "OK", keys: keys.jwks() }),
    "POST /recipe/jwt": async ({ b }) => {
      const key = await keys.signer(b.useStaticSigningKey !== false);
      const iat = Math.floor(Date.now() / 1000);
      const payload = { iss: b.jwksDomain, iat, exp: iat + b.validity, ...b.payload };
      return { status: "OK", jwt: signJwt({ kid: key.kid, typ: "JWT", alg: "RS256" }, payload, key, "base64url") };
    },

    "POST /recipe/handshake": () => ({
      status: "OK",
      ...keys.legacyKeys(),
      accessTokenBlacklistingEnabled: checksDatabase,
      accessTokenValidity: sessions.accessLifetimeMs,
      refreshTokenValidity: 100 * 24 * 3_600_000,
    }),
    "POST /recipe/session": async ({ b, cdi, tenantId }) => {
      const owner = { userId: users.primaryIdOf(b.userId), recipeUserId: b.userId, tenantId };
      return withKeys(fit(await sessions.create({ ...b, ...owner }, tokenVersion(cdi)), cdi), cdi);
    },
    "GET /recipe/session": ({ q }) => sessions.get(q.sessionHandle),
    "POST /recipe/session/verify": async ({ b, cdi }) => {
      const checkDatabase = isOld(cdi) ? checksDatabase : b.checkDatabase === true;
      return withKeys(fit(await sessions.verify({ ...b, checkDatabase }), cdi), cdi);
    },
    "POST /recipe/session/refresh": async ({ b, cdi }) => fit(await sessions.refresh(b, tokenVersion(cdi)), cdi),
    "POST /recipe/session/regenerate": async ({ b, cdi }) => fit(await sessions.regenerate(b), cdi),
    "POST /recipe/session/remove": ({ b }) => {
      const handles = b.sessionHandles ?? sessions.handlesOf(b.userId);
      return { status: "OK", sessionHandlesRevoked: sessions.remove(handles) };
    },
    "GET /recipe/session/user": ({ q }) => ({ status: "OK", sessionHandles: sessions.handlesOf(q.userId) }),
    "PUT /recipe/session/data": ({ b }) => {
      return sessions.change(b.sessionHandle, { userDataInDatabase: b.userDataInDatabase });
    },
    "PUT /recipe/jwt/data": ({ b }) => sessions.change(b.sessionHandle, { userDataInJWT: b.userDataInJWT }),

    "POST /recipe/signup": async ({ b, cdi, tenantId }) => {
      return oneUser(await users.signUp(b, tenantId), "EMAIL_ALREADY_EXISTS_ERROR", cdi);
    },
    "POST /recipe/signin": async ({ b, cdi, tenantId }) => {
      return oneUser(await users.signIn(b, tenantId), "WRONG_CREDENTIALS_ERROR", cdi);
    },
    "GET /recipe/user": ({ q, cdi }) => {
      return q.userId
        ? oneUser(users.byId(q.userId), "UNKNOWN_USER_ID_ERROR", cdi)
        : oneUser(users.byEmail(q.email), "UNKNOWN_EMAIL_ERROR", cdi);
    },
    "GET /user/id": ({ q, cdi }) => oneUser(users.byId(q.userId), "UNKNOWN_USER_ID_ERROR", cdi),
    "POST /user/remove": ({ b }) => {
      users.remove(b.userId, b.removeAllLinkedAccounts);
      return { status: "OK" };
    },
    "GET /users/by-accountinfo": ({ q, tenantId }) => {
      const { email, phoneNumber, webauthnCredentialId: credentialId } = q;
      const thirdParty = q.thirdPartyId && { id: q.thirdPartyId, userId: q.thirdPartyUserId };
      const any = q.doUnionOfAccountInfo === "true";
      const found = users.list({ tenantId, email, phoneNumber, thirdParty, credentialId, any });
      return { status: "OK", users: found.map((user) => users.describe(user)) };
    },
    "GET /users/count": ({ tenantId }) => ({ status: "OK", count: users.all(tenantId).length }),
    "GET /users": ({ q, cdi, tenantId }) => {
      const all = users.all(tenantId);
      if (q.timeJoinedOrder === "DESC") all.reverse();
      const page = all.slice(0, Number(q.limit ?? 100));
      const describe = (user) => {
        return isOld(cdi) ? { recipeId: "emailpassword", user: describeUserOld(user) } : users.describe(user);
      };
      return { status: "OK", users: page.map(describe) };
    },

    "PUT /recipe/role": ({ b }) => roles.put(b.role, b.permissions ?? []),
    "GET /recipe/roles": () => roles.names(),
    "GET /recipe/role/permissions": ({ q }) => roles.permissionsOf(q.role),
    "GET /recipe/role/users": ({ q }) => roles.usersWith(q.role),
    "PUT /recipe/user/role": ({ b }) => roles.give(b.userId, b.role),
    "POST /recipe/user/role/remove": ({ b }) => roles.take(b.userId, b.role),
    "GET /recipe/user/roles": ({ q }) => roles.of(q.userId),

    "POST /recipe/user/email/verify/token": ({ b }) => mails.token(b),
    "POST /recipe/user/email/verify/token/remove": ({ b }) => mails.forget(b),
    "POST /recipe/user/email/verify/remove": ({ b }) => mails.unverify(b),
    "POST /recipe/user/email/verify": ({ b }) => mails.verify(b),
    "GET /recipe/user/email/verify": ({ q }) => mails.isVerified(q),

    ...resetRoutes({ users, resetTokens }),
    ...passwordlessRoutes({ users, mails, devices }),
    ...thirdPartyRoutes({ users, mails }),
    ...passkeyRoutes({ users, passkeys, recoverTokens }),
    ...tenantRoutes({ tenants }),
    ...totpRoutes({ totp: new Totp() }),
    ...metadataRoutes({ metadata: new Metadata() }),
    ...oauthRoutes({ oauth }),
    ...linkingRoutes({ linking: new Linking(users, sessions) }),
  };
  const codes = [mails, resetTokens, recoverTokens, devices, passkeys];
  return { routes, keys, sessions, tenants, oauth, codes };
}
