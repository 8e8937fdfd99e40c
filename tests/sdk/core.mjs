// A stand-in for the SuperTokens core, for tests: in memory, one app.
import { createServer } from "node:http";
import { CDI_VERSIONS, createRoutes } from "./core/routes.mjs";
import { BadRequest } from "./core/sessions.mjs";
import { coreControls, serveControls } from "./harness/controls.mjs";
import { listen } from "./harness/net.mjs";
import { endWithParent, isProgram, readOptions } from "./harness/options.mjs";

// A recipe's path may name the app and the tenant first; this core has one app.
const TENANT = /^(?:\/appid-public)?(?:\/(?!recipe\/)([a-z0-9-]+))?(?=\/(?:recipe|users?)(?:\/|$))/;

export async function startCore({ port = 0, accessTokenSeconds = 3600, checksDatabase = false } = {}) {
  const parts = await createRoutes({ accessTokenSeconds, checksDatabase });
  const { routes, keys, sessions, tenants, oauth, codes } = parts;
  const unknown = [];

  async function respond(request) {
    const url = new URL(request.url, "http://core");
    const tenantId = TENANT.exec(url.pathname)?.[1] ?? "public";
    const route = `${request.method} ${url.pathname.replace(TENANT, "")}`;
    const handler = routes[route];
    if (!handler) {
      unknown.push(`${request.method} ${url.pathname}`);
      return { status: 404, body: `the stand-in core has no ${request.method} ${url.pathname}` };
    }
    const cdi = request.headers["cdi-version"] ?? CDI_VERSIONS.at(-1);
    if (!CDI_VERSIONS.includes(cdi)) return { status: 400, body: `cdi-version ${cdi} not supported` };
    if (!tenants.has(tenantId)) return unknownTenant(route, tenantId);
    try {
      const text = await read(request);
      const b = text ? JSON.parse(text) : {};
      return { status: 200, body: await handler({ q: Object.fromEntries(url.searchParams), b, cdi, tenantId }) };
    } catch (error) {
      const isTheirs = error instanceof BadRequest || error instanceof SyntaxError;
      return { status: isTheirs ? 400 : 500, body: isTheirs ? error.message : error.stack };
    }
  }

  const server = createServer(async (request, response) => {
    const { status, body } = await respond(request);
    const isText = typeof body === "string";
    response.writeHead(status, { "content-type": isText ? "text/plain" : "application/json; charset=utf-8" });
    response.end(isText ? body : JSON.stringify(body));
  });
  const { url, close } = await listen(server, port);

  return {
    url,
    close,
    expireAll: () => keys.rotate(),
    useNewKey: () => keys.rotate({ keepsOld: true }),
    removeAll: () => sessions.remove(sessions.handles()),
    setAccessTokenSeconds: (seconds) => (sessions.accessLifetimeMs = seconds * 1000),
    // Without a number, the lifetimes of a real core.
    setCodeLifetime: (seconds) => {
      for (const each of codes) {
        if (seconds === undefined) each.restoreLifetime();
        else each.lifetimeMs = seconds * 1000;
      }
    },
    createLoginChallenge: (params) => oauth.createChallenge(params),
    createLogoutChallenge: (body) => oauth.createLogoutChallenge(body),
    // Unknown paths that the SDK requested: gaps of this stand-in.
    counts: () => ({ ...sessions.counts, sessions: sessions.size, unknown }),
  };
}

function unknownTenant(route, tenantId) {
  if (route === "GET /recipe/multitenancy/tenant/v2") return { status: 200, body: { status: "TENANT_NOT_FOUND_ERROR" } };
  return { status: 400, body: `AppId or tenantId not found => appId: public, tenantId: ${tenantId}` };
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

if (isProgram(import.meta.url)) {
  const options = readOptions();
  const core = await startCore({ ...options, checksDatabase: options.checkDatabase });
  const control = await serveControls(coreControls(core), options.controlPort);
  endWithParent(options);
  console.log(`ready ${core.url} control ${control.url}`);
}
