// The core's part as an OAuth 2.0 provider, up to the code that the client gets. Consent is always given.
import { randomUUID } from "node:crypto";

const CLIENT = {
  clientId: "demo-app",
  clientSecret: "demo-app-secret",
  clientName: "Demo app",
  scope: "openid offline_access email",
  redirectUris: ["http://localhost:8080/demo-app/callback"],
  clientUri: "http://localhost:8080/demo-app",
  logoUri: "http://localhost:8080/demo-app/logo.svg",
  policyUri: "http://localhost:8080/demo-app/privacy",
  tosUri: "http://localhost:8080/demo-app/terms",
  audience: [],
  grantTypes: ["authorization_code"],
  responseTypes: ["code"],
  tokenEndpointAuthMethod: "client_secret_post",
  createdAt: "2024-01-01T00:00:00Z",
  updatedAt: "2024-01-01T00:00:00Z",
  metadata: { demo: true },
  enableRefreshTokenRotation: false,
};

const NOT_FOUND = {
  status: "OAUTH_ERROR", statusCode: 404, error: "Not Found", errorDescription: "Unable to locate the requested resource",
};

const WRONG_REDIRECT = {
  status: "OAUTH_ERROR", statusCode: 400, error: "invalid_request",
  errorDescription: "The 'redirect_uri' parameter does not match any of the client's pre-registered redirect urls.",
};

// What a core without an address to return to gives; the SDK replaces it.
const LOGOUT_FALLBACK = "{apiDomain}/fallbacks/logout/callback";

const withParams = (url, params) => {
  const query = String(new URLSearchParams(params));
  return query ? `${url}?${query}` : url;
};

export class OAuth {
  #challenges = new Map();
  #verifiers = new Map();
  #logouts = new Map();

  // A client's request that awaits the sign-in; `params` are those of the authorisation URL.
  createChallenge(params = {}) {
    const all = {
      client_id: CLIENT.clientId, redirect_uri: CLIENT.redirectUris[0], response_type: "code", scope: "openid",
      state: randomUUID(), ...params,
    };
    const challenge = randomUUID().replaceAll("-", "");
    this.#challenges.set(challenge, all);
    return { loginChallenge: challenge, clientId: all.client_id, redirectUri: all.redirect_uri, state: all.state };
  }

  // A client's request to sign out, which the user has to confirm.
  createLogoutChallenge({ redirectUri, state } = {}) {
    const challenge = randomUUID().replaceAll("-", "");
    this.#logouts.set(challenge, redirectUri && withParams(redirectUri, state ? { state } : {}));
    return { logoutChallenge: challenge };
  }

  client(clientId) {
    return clientId === CLIENT.clientId ? { status: "OK", ...CLIENT } : { status: "CLIENT_NOT_FOUND_ERROR" };
  }

  loginRequest(challenge) {
    const params = this.#challenges.get(challenge);
    if (!params) return NOT_FOUND;
    return {
      status: "OK", challenge, client: CLIENT, oidcContext: params.login_hint ? { login_hint: params.login_hint } : {},
      requestUrl: withParams("http://core/oauth2/auth", params), requestedAccessTokenAudience: [],
      requestedScope: params.scope.split(" "), sessionId: "", skip: false, subject: "",
    };
  }

  accept(challenge, outcome) {
    const params = this.#challenges.get(challenge);
    if (!params) return NOT_FOUND;
    const verifier = randomUUID();
    this.#challenges.delete(challenge);
    this.#verifiers.set(verifier, outcome);
    // The SDK replaces the name in braces.
    return { status: "OK", redirectTo: withParams("{apiDomain}/oauth/auth", { ...params, login_verifier: verifier }) };
  }

  authorize({ login_verifier: verifier, ...params }, iss) {
    const { client_id: clientId, redirect_uri: redirectUri, state } = params;
    if (clientId !== CLIENT.clientId) return { status: "CLIENT_NOT_FOUND_ERROR" };
    if (verifier === undefined) {
      if (!CLIENT.redirectUris.includes(redirectUri)) return WRONG_REDIRECT;
      const { loginChallenge } = this.createChallenge(params);
      return { status: "OK", redirectTo: withParams("{apiDomain}/oauth/login", { login_challenge: loginChallenge }) };
    }
    const outcome = this.#verifiers.get(verifier);
    this.#verifiers.delete(verifier);
    const failed = { error: "access_denied", error_description: "The login verifier is not valid." };
    const result = outcome?.subject ? { code: `st_ac_${randomUUID()}` } : (outcome?.error ?? failed);
    return { status: "OK", redirectTo: withParams(redirectUri, { ...result, ...(state && { state }), iss }) };
  }

  acceptLogout(challenge) {
    if (!this.#logouts.has(challenge)) return NOT_FOUND;
    const verifier = randomUUID();
    this.#verifiers.set(verifier, this.#logouts.get(challenge) ?? LOGOUT_FALLBACK);
    this.#logouts.delete(challenge);
    return { status: "OK", redirectTo: withParams("{apiDomain}/oauth/end_session", { logout_verifier: verifier }) };
  }

  // The hint is not checked, since this core issues no ID tokens.
  endSession({ logoutVerifier, idTokenHint, postLogoutRedirectUri: redirectUri, state }) {
    if (logoutVerifier !== undefined) {
      const redirectTo = this.#verifiers.get(logoutVerifier);
      this.#verifiers.delete(logoutVerifier);
      return redirectTo ? { status: "OK", redirectTo } : NOT_FOUND;
    }
    if (!idTokenHint) return { status: "OK", redirectTo: LOGOUT_FALLBACK };
    const { logoutChallenge } = this.createLogoutChallenge({ redirectUri, state });
    return { status: "OK", redirectTo: withParams("{apiDomain}/oauth/logout", { logout_challenge: logoutChallenge }) };
  }
}

export const oauthRoutes = ({ oauth }) => ({
  "GET /recipe/oauth/clients": ({ q }) => oauth.client(q.clientId),
  "GET /recipe/oauth/auth/requests/login": ({ q }) => oauth.loginRequest(q.loginChallenge),
  "PUT /recipe/oauth/auth/requests/login/accept": ({ q, b }) => oauth.accept(q.loginChallenge, { subject: b.subject }),
  "PUT /recipe/oauth/auth/requests/login/reject": ({ q, b }) => {
    const error = { error: b.error, error_description: b.errorDescription };
    return oauth.accept(q.loginChallenge ?? q.login_challenge, { error });
  },
  "PUT /recipe/oauth/auth/requests/logout/accept": ({ b }) => oauth.acceptLogout(b.challenge),
  "GET /recipe/oauth/sessions/logout": ({ q }) => oauth.endSession(q),
  "POST /recipe/oauth/auth": ({ b }) => oauth.authorize(b.params, b.iss),
});
