// The claims of users, as in examples/backend: roles that administrators change, and verified addresses.
import { asyncHandler } from "./async_handler.mjs";

export function claimRoutes(app, { sdk, verifySession, adminOnly, mailbox, orders }) {
  app.post("/api/admin/roles", adminOnly, asyncHandler(async ({ session, body }, response) => {
    const { email, role, give } = body ?? {};
    const user = (await sdk.listUsers(100)).find((user) => user.email === email);
    if (!user) return response.status(400).json({ message: "there is no such user" });
    if (!(await sdk.setRole(user.id, role, give))) return response.status(400).json({ message: "there is no such role" });
    // The current session has it at once, all others at their next refresh or claim fetch.
    if (user.id === session.getUserId()) await fetchAgain(session, sdk.roleClaims);
    response.json({ status: "OK", email, roles: await sdk.rolesOf(user.id) });
  }));

  app.post("/api/claims/refresh", verifySession(), asyncHandler(async ({ session }, response) => {
    await fetchAgain(session, [...sdk.roleClaims, sdk.emailClaim]);
    response.json({ status: "OK" });
  }));

  const verifiedOnly = verifySession({
    overrideGlobalClaimValidators: (global) => [...global, sdk.emailClaim.validators.isVerified()],
  });
  app.get("/api/invoices", verifiedOnly, ({ session }, response) => {
    response.json(orders.invoicesOf(session.getUserId()));
  });

  app.get("/api/demo/mailbox", verifySession(), asyncHandler(async ({ session }, response) => {
    const { email } = session.getAccessTokenPayload();
    response.json({ to: email, code: mailbox.codeOf(session.getUserId()) });
  }));
}

// In sequence: each call rewrites the payload.
async function fetchAgain(session, claims) {
  for (const claim of claims) await session.fetchAndSetClaim(claim);
}
