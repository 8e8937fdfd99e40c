// What is said of users, as examples/backend has it: roles that administrators give and take, and verified addresses.
import { answering } from "./answering.mjs";

// What was sent last to each user; a mail's link holds the code.
export class Mailbox {
  #codes = new Map();

  take({ user, emailVerifyLink }) {
    this.#codes.set(user.id, new URL(emailVerifyLink).searchParams.get("token"));
  }

  codeOf(userId) {
    return this.#codes.get(userId) ?? null;
  }
}

export function claimRoutes(app, { sdk, verifySession, adminOnly, mailbox, orders }) {
  app.post("/api/admin/roles", adminOnly, answering(async ({ session, body }, response) => {
    const { email, role, give } = body ?? {};
    const user = (await sdk.listUsers(100)).find((user) => user.email === email);
    if (!user) return response.status(400).json({ message: "there is no such user" });
    if (!(await sdk.setRole(user.id, role, give))) return response.status(400).json({ message: "there is no such role" });
    // One's own session has it at once; all others at their next refresh, or when they ask.
    if (user.id === session.getUserId()) await fetchAnew(session, sdk.roleClaims);
    response.json({ status: "OK", email, roles: await sdk.rolesOf(user.id) });
  }));

  app.post("/api/claims/refresh", verifySession(), answering(async ({ session }, response) => {
    await fetchAnew(session, [...sdk.roleClaims, sdk.emailClaim]);
    response.json({ status: "OK" });
  }));

  const verifiedOnly = verifySession({
    overrideGlobalClaimValidators: (global) => [...global, sdk.emailClaim.validators.isVerified()],
  });
  app.get("/api/invoices", verifiedOnly, ({ session }, response) => {
    response.json(orders.invoicesOf(session.getUserId()));
  });

  app.get("/api/demo/mailbox", verifySession(), answering(async ({ session }, response) => {
    const { email } = session.getAccessTokenPayload();
    response.json({ to: email, code: mailbox.codeOf(session.getUserId()) });
  }));
}

// One after the other: each writes the payload anew.
async function fetchAnew(session, claims) {
  for (const claim of claims) await session.fetchAndSetClaim(claim);
}
