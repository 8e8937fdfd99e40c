// `/test`: controls of the server for tests, on another port.
import { createServer } from "node:http";
import { Authenticator } from "./authenticator.mjs";
import { listen } from "./net.mjs";

class Refused extends Error {}

export async function serveControls(routes, port) {
  const server = createServer(async (request, response) => {
    const route = `${request.method} ${request.url.split("?")[0]}`;
    const reply = (status, body) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (!routes[route]) return reply(404, { message: "not found", known: Object.keys(routes) });
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = chunks.length ? JSON.parse(Buffer.concat(chunks).toString()) : {};
      reply(200, (await routes[route](body)) ?? { status: "OK" });
    } catch (error) {
      const isTheirs = error instanceof Refused || error instanceof SyntaxError;
      reply(isTheirs ? 400 : 500, { message: error.message });
    }
  });
  return listen(server, port);
}

export function coreControls(core) {
  return {
    "GET /test/core": () => core.counts(),
    "POST /test/expire": async () => void (await core.expireAll()),
    "POST /test/new-key": async () => void (await core.useNewKey()),
    "POST /test/revoke": () => void core.removeAll(),
    "POST /test/access-token-seconds": ({ seconds }) => {
      demand(Number.isInteger(seconds) && seconds > 0, "seconds must be a whole number from 1 up");
      core.setAccessTokenSeconds(seconds);
    },
    "POST /test/code-lifetime": ({ seconds }) => {
      demand(seconds === undefined || seconds >= 0, "seconds must be a number from 0 up");
      core.setCodeLifetime(seconds);
    },
    "POST /test/login-challenge": (params) => core.createLoginChallenge(params),
    "POST /test/logout-challenge": (body) => core.createLogoutChallenge(body),
  };
}

// The controls of a server with an SDK; `core` is undefined with a real core.
export function serverControls({ traffic, ledger, core, mailbox, revoke, info }) {
  const authenticator = new Authenticator();
  const known = (handle) => demand(ledger.has(handle), "there is no session with this handle");
  return {
    "POST /test/expire": async ({ handle }) => {
      if (handle !== undefined) {
        known(handle);
        ledger.expire([handle]);
      } else if (core && info.generation === "current") {
        await core.expireAll();
      } else {
        // An old SDK caches the keys for long, and a real core has its own.
        ledger.expire(ledger.handles());
      }
    },
    "POST /test/revoke": async ({ handle, expire = true }) => {
      if (handle !== undefined) known(handle);
      const handles = handle === undefined ? ledger.handles() : [handle];
      if (expire) ledger.expire(handles);
      await revoke(handles);
    },
    "POST /test/fail-refreshes": ({ count, status }) => {
      demand(Number.isInteger(count) && count >= 0, "count must be a whole number");
      demand(status === 0 || (status >= 200 && status <= 599), "status must be 200 to 599, or 0 to cut the line");
      traffic.failures = { left: count, status };
    },
    "POST /test/delay": ({ path, ms }) => {
      demand(typeof path === "string" && ms >= 0, "path must be text and ms a number");
      if (ms) traffic.delays.set(path, ms);
      else traffic.delays.delete(path);
    },
    "POST /test/drop-headers": ({ headers = [], count = 0, expose }) => {
      traffic.dropped = { left: count, names: headers.map((name) => name.toLowerCase()) };
      if (expose !== undefined) traffic.hidesHeaders = !expose;
    },
    "POST /test/passkey/create": (options) => {
      demand(options.challenge && options.rp?.id, "the options must be those for a registration");
      return authenticator.create(options);
    },
    "POST /test/passkey/get": (options) => {
      demand(options.challenge && options.rpId, "the options must be those for a sign-in");
      demand(authenticator.has(options.credentialId), "there is no such passkey");
      return authenticator.get(options);
    },
    "GET /test/mails": () => mailbox.all(),
    "GET /test/counts": () => Object.fromEntries(traffic.counts),
    "GET /test/log": () => traffic.log,
    "GET /test/thefts": () => ({ thefts: ledger.thefts }),
    "GET /test/core": () => core?.counts() ?? {},
    ...ofTheCore(core),
    "GET /test/info": () => info,
    "POST /test/reset": () => traffic.reset(),
  };
}

// The controls that only the stand-in core has, also where a real core is used.
function ofTheCore(core) {
  const names = ["access-token-seconds", "new-key", "code-lifetime", "login-challenge", "logout-challenge"];
  const controls = names.map((name) => `POST /test/${name}`).map((route) => {
    const control = (body) => {
      demand(core, "a real core does not have this control");
      return coreControls(core)[route](body);
    };
    return [route, control];
  });
  return Object.fromEntries(controls);
}

function demand(condition, message) {
  if (!condition) throw new Refused(message);
}
