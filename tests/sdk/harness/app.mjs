// The example's API on express, with the SDK of either generation behind it.
import { asyncHandler } from "./async_handler.mjs";
import { claimRoutes } from "./claims.mjs";
import { payloadOf } from "./ledger.mjs";
import { Orders, isoDate } from "./orders.mjs";

const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

export const allows = (websiteDomains) => (origin) => LOOPBACK.test(origin) || websiteDomains.includes(origin);

export const PERMISSIONS = {
  user: ["orders:read", "orders:write"],
  editor: ["drafts:write"],
  admin: ["users:read", "users:write"],
};

// The first user with this e-mail address is the admin, as in examples/backend.
export const rolesFor = (email, hasAdmin) => (email.startsWith("admin@") && !hasAdmin ? ["admin", "user"] : ["user"]);

export function buildApp({ express, cors, sdk, options, traffic, ledger, mailbox }) {
  const isAllowed = allows(options.websiteDomains);
  const orders = new Orders();
  const app = express().disable("x-powered-by").disable("etag");
  const verifySession = (more) => sdk.verifySession({ checkDatabase: options.checkDatabase, ...more });

  app.use(traffic.observe());
  app.use(
    cors({
      origin: (origin, reply) => reply(null, origin !== undefined && isAllowed(origin)),
      credentials: true,
      allowedHeaders: ["content-type", ...sdk.corsHeaders()],
    }),
  );
  app.use(traffic.interfere());
  app.use(sdk.middleware());
  app.use("/api", express.json());

  app.get("/api/public", (request, response) => response.json({ message: "Anyone may read this." }));
  app.all("/api/always-401", (request, response) => response.status(401).json({ message: "not for you" }));

  app.get("/api/me", verifySession(), ({ session }, response) => {
    const payload = payloadOf(session.getAccessToken());
    response.json({
      user_id: session.getUserId(),
      session_handle: session.getHandle(),
      access_token_expires_at: payload.expiryTime ?? payload.exp * 1000,
      access_token_payload: session.getAccessTokenPayload(),
    });
  });

  app.get("/api/orders", verifySession(), ({ session }, response) => response.json(orders.of(session.getUserId())));
  app.post("/api/orders", verifySession(), ({ session, body }, response) => {
    const { order, status, message } = orders.place(session.getUserId(), body);
    if (order) response.status(201).json(order);
    else response.status(status).json({ message });
  });

  const adminOnly = verifySession({ overrideGlobalClaimValidators: (global) => [...global, sdk.adminValidator()] });
  app.get("/api/admin/users", adminOnly, asyncHandler(async (request, response) => {
    const users = await sdk.listUsers(100);
    const describe = async ({ id, email, timeJoined }) => {
      return { id, email, roles: await sdk.rolesOf(id), joined_at: isoDate(timeJoined) };
    };
    response.json(await Promise.all(users.map(describe)));
  }));

  claimRoutes(app, { sdk, verifySession, adminOnly, mailbox, orders });

  app.post("/api/profile", verifySession(), asyncHandler(async ({ session, body }, response) => {
    const nickname = typeof body?.nickname === "string" ? body.nickname.trim() : "";
    if (!nickname || nickname.length > 40) {
      return response.status(400).json({ message: "nickname must have 1 to 40 characters" });
    }
    await session.mergeIntoAccessTokenPayload({ nickname });
    response.json({ nickname });
  }));

  // Fills the access token's payload, as a backend with many claims does.
  app.post("/api/fill", verifySession(), asyncHandler(async ({ session, body }, response) => {
    await session.mergeIntoAccessTokenPayload({ filler: "x".repeat(body.bytes) });
    response.json({ payloadBytes: JSON.stringify(session.getAccessTokenPayload()).length });
  }));

  // The buttons of the app: the response does not show the change, so the client notices it later.
  app.post("/api/session/expire", verifySession(), ({ session }, response) => {
    ledger.expire([session.getHandle()]);
    response.json({ status: "OK" });
  });
  app.post("/api/session/revoke", verifySession(), asyncHandler(async ({ session }, response) => {
    ledger.expire([session.getHandle()]);
    await sdk.revoke([session.getHandle()]);
    response.json({ status: "OK" });
  }));

  app.use((request, response) => response.status(404).json({ message: "not found" }));
  app.use(sdk.errorHandler());
  app.use((error, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = error.status ?? 500;
    if (status === 500) console.error(error);
    response.status(status).json({ message: error.message });
  });
  return app;
}
