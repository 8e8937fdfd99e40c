// Passkeys: options for the browser, credentials, and tokens that recover an account.
import { randomBytes, randomUUID } from "node:crypto";
import { InvalidAuthenticator, InvalidCredential, checkAssertion, checkRegistration } from "./ceremonies.mjs";

export class Passkeys {
  #options = new Map();
  #credentials = new Map();
  // Replaces the timeout that the SDK requests.
  lifetimeMs;

  createOptions(wanted, tenantId) {
    const createdAt = Date.now();
    const options = {
      ...wanted, tenantId, webauthnGeneratedOptionsId: randomUUID(), challenge: randomBytes(32).toString("base64url"),
      createdAt, expiresAt: createdAt + (this.lifetimeMs ?? wanted.timeout),
    };
    this.#options.set(options.webauthnGeneratedOptionsId, options);
    return options;
  }

  options(id, tenantId) {
    const options = this.#options.get(id);
    return options && (tenantId === undefined || options.tenantId === tenantId) ? options : undefined;
  }

  // Runs a check with valid options; a failure becomes the status of the core.
  attempt({ webauthnGeneratedOptionsId: id, credential }, tenantId, check) {
    const options = this.options(id, tenantId);
    if (!options) return { status: "OPTIONS_NOT_FOUND_ERROR" };
    if (options.expiresAt <= Date.now()) return { status: "INVALID_OPTIONS_ERROR" };
    try {
      if (!credential?.response) throw new InvalidCredential("there is no response");
      return check(credential, options);
    } catch (error) {
      if (error instanceof InvalidAuthenticator) return { status: "INVALID_AUTHENTICATOR_ERROR", reason: error.message };
      if (error instanceof InvalidCredential) return { status: "INVALID_CREDENTIALS_ERROR", reason: error.message };
      throw error;
    }
  }

  // `user` is called after the checks, since a sign-up creates the user then.
  add(user, credential, options) {
    const { id, key, counter } = checkRegistration(credential, options);
    if (this.#credentials.has(id)) throw new InvalidCredential("the credential exists already");
    const { relyingPartyId } = options;
    this.#credentials.set(id, { id, key, counter, userId: user().id, relyingPartyId, createdAt: Date.now() });
  }

  // The id of the user who signed.
  verify(credential, options) {
    const known = this.#credentials.get(credential.id);
    if (!known) return undefined;
    known.counter = checkAssertion(credential, known, options);
    return known.userId;
  }

  idsOf(userId) {
    return this.list(userId).map(({ webauthnCredentialId }) => webauthnCredentialId);
  }

  list(userId) {
    const own = [...this.#credentials.values()].filter((each) => each.userId === userId);
    return own.map(({ id, relyingPartyId, createdAt }) => {
      return { webauthnCredentialId: id, relyingPartyId, recipeUserId: userId, createdAt };
    });
  }

  remove(id, userId) {
    return this.#credentials.get(id)?.userId === userId && this.#credentials.delete(id);
  }

  restoreLifetime() {
    this.lifetimeMs = undefined;
  }
}

const registerResponse = ({ email, displayName, residentKey, userVerification, ...options }) => ({
  status: "OK",
  webauthnGeneratedOptionsId: options.webauthnGeneratedOptionsId,
  createdAt: options.createdAt,
  expiresAt: options.expiresAt,
  rp: { id: options.relyingPartyId, name: options.relyingPartyName },
  user: { id: Buffer.from(email).toString("base64url"), name: email, displayName },
  challenge: options.challenge,
  timeout: options.timeout,
  excludeCredentials: [],
  attestation: options.attestation,
  pubKeyCredParams: options.supportedAlgorithmIds.map((alg) => ({ alg, type: "public-key" })),
  authenticatorSelection: { userVerification, residentKey, requireResidentKey: residentKey === "required" },
});

export const passkeyRoutes = ({ users, passkeys, recoverTokens }) => {
  const result = (user) => ({ status: "OK", user: users.describe(user), recipeUserId: user.id });
  return {
    "POST /recipe/webauthn/options/register": ({ b, tenantId }) => registerResponse(passkeys.createOptions(b, tenantId)),
    "POST /recipe/webauthn/options/signin": ({ b, tenantId }) => ({ status: "OK", ...passkeys.createOptions(b, tenantId) }),
    "GET /recipe/webauthn/options": ({ q, tenantId }) => {
      const options = passkeys.options(q.webauthnGeneratedOptionsId, tenantId);
      return options ? { status: "OK", ...options } : { status: "OPTIONS_NOT_FOUND_ERROR" };
    },
    "POST /recipe/webauthn/signup": ({ b, tenantId }) => passkeys.attempt(b, tenantId, (credential, options) => {
      const { email } = options;
      if (email === undefined) return { status: "INVALID_OPTIONS_ERROR" };
      if (users.find({ recipeId: "webauthn", tenantId, email })) return { status: "EMAIL_ALREADY_EXISTS_ERROR" };
      let user;
      passkeys.add(() => (user = users.add({ recipeId: "webauthn", tenantId, email })), credential, options);
      return result(user);
    }),
    "POST /recipe/webauthn/signin": ({ b, tenantId }) => passkeys.attempt(b, tenantId, (credential, options) => {
      const userId = passkeys.verify(credential, options);
      const user = userId && users.byId(userId);
      return user ? result(user) : { status: "CREDENTIAL_NOT_FOUND_ERROR" };
    }),
    "POST /recipe/webauthn/user/credential/register": ({ b }) => passkeys.attempt(b, undefined, (credential, options) => {
      const user = users.byId(b.recipeUserId);
      if (!user) return { status: "UNKNOWN_USER_ID_ERROR" };
      passkeys.add(() => user, credential, options);
      return { status: "OK", webauthnCredentialId: credential.id, recipeUserId: user.id };
    }),
    "GET /recipe/webauthn/user/credential/list": ({ q }) => ({ status: "OK", credentials: passkeys.list(q.recipeUserId) }),
    "DELETE /recipe/webauthn/user/credential/remove": ({ q }) => {
      const isRemoved = passkeys.remove(q.webauthnCredentialId, q.recipeUserId);
      return { status: isRemoved ? "OK" : "CREDENTIAL_NOT_FOUND_ERROR" };
    },
    "POST /recipe/webauthn/user/recover/token": ({ b, tenantId }) => {
      if (!users.byId(b.userId)) return { status: "UNKNOWN_USER_ID_ERROR" };
      return { status: "OK", token: recoverTokens.create(b, tenantId) };
    },
    "GET /recipe/webauthn/user/recover": ({ q, tenantId }) => {
      const found = recoverTokens.find(q.token, tenantId);
      const user = found && users.byId(found.userId);
      return user ? result(user) : { status: "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR" };
    },
    "POST /recipe/webauthn/user/recover/token/consume": ({ b, tenantId }) => {
      const found = recoverTokens.consume(b.token, tenantId);
      if (!found) return { status: "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR" };
      return { status: "OK", userId: found.userId, email: found.email };
    },
  };
};
