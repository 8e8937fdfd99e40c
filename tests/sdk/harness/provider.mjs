// A stand-in OAuth 2.0 provider: an authorisation page, and the endpoints for tokens and for the user.
import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { listen } from "./net.mjs";

const DENIED = /^denied[@+]/;
const UNVERIFIED = /^unverified[@+]/;
const escape = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

export async function startProvider(port = 0) {
  const codes = new Map();
  const tokens = new Map();

  // The choice of the user is part of the query: `login_hint` is the account, `deny` the refusal.
  function authorize(query) {
    const { client_id: clientId, redirect_uri: redirectUri, state, login_hint: email } = query;
    if (!clientId || !URL.canParse(redirectUri)) return json(400, { error: "invalid_request" });
    const redirect = (outcome) => {
      const url = new URL(redirectUri);
      for (const [name, value] of Object.entries({ ...outcome, ...(state && { state }) })) url.searchParams.set(name, value);
      return { status: 302, headers: { location: url.href } };
    };
    if (query.deny !== undefined || DENIED.test(email)) {
      return redirect({ error: "access_denied", error_description: "The user denied access." });
    }
    if (!email) return page(query);
    const code = randomUUID();
    const { code_challenge: challenge, code_challenge_method: method } = query;
    codes.set(code, { clientId, redirectUri, email, challenge, method });
    return redirect({ code });
  }

  function exchange(form) {
    const grant = codes.get(form.code);
    codes.delete(form.code);
    const isOwn = grant?.clientId === form.client_id && grant.redirectUri === form.redirect_uri;
    if (!isOwn || !verifies(form.code_verifier, grant)) return json(400, { error: "invalid_grant" });
    const token = randomUUID();
    tokens.set(token, grant);
    return json(200, { access_token: token, token_type: "Bearer", expires_in: 3600 });
  }

  function userInfo(authorization = "") {
    const grant = tokens.get(authorization.replace(/^Bearer /, ""));
    if (!grant) return json(401, { error: "invalid_token" });
    const { email, clientId } = grant;
    const sub = createHash("sha256").update(email).digest("hex").slice(0, 16);
    if (clientId === "demo-no-email") return json(200, { sub });
    return json(200, { sub, email, email_verified: !UNVERIFIED.test(email) });
  }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://provider");
    const routes = {
      "GET /authorize": () => authorize(Object.fromEntries(searchParams)),
      "POST /token": async () => exchange(Object.fromEntries(new URLSearchParams(await read(request)))),
      "GET /userinfo": () => userInfo(request.headers.authorization),
    };
    const route = routes[`${request.method} ${pathname}`];
    const { status, headers, body } = route ? await route() : json(404, { error: "not_found" });
    response.writeHead(status, headers).end(body);
  });
  return listen(server, port);
}

const json = (status, body) => ({ status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

function page(query) {
  const field = ([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`;
  const body = `<!doctype html><title>Demo provider</title><h1>Demo provider</h1>
<form>${Object.entries(query).map(field).join("")}
<label>E-mail <input name="login_hint" type="email" value="visitor@example.com"></label>
<button id="allow">Continue</button> <button id="deny" name="deny" value="1">Deny</button></form>`;
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body };
}

// A verifier without a challenge is no error, as with most providers.
function verifies(verifier, { challenge, method }) {
  if (challenge === undefined) return true;
  if (verifier === undefined) return false;
  return challenge === (method === "S256" ? createHash("sha256").update(verifier).digest("base64url") : verifier);
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
