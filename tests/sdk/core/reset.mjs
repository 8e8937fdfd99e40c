// Password reset: tokens of one use, which recover accounts too, and the change of the password.
import { randomBytes } from "node:crypto";

const HOUR_MS = 3_600_000;

export class ResetTokens {
  #tokens = new Map();
  lifetimeMs = HOUR_MS;

  create({ userId, email }, tenantId) {
    const token = randomBytes(32).toString("base64url");
    this.#tokens.set(token, { userId, email, tenantId, expiry: Date.now() + this.lifetimeMs });
    return token;
  }

  find(token, tenantId) {
    const found = this.#tokens.get(token);
    return found && found.tenantId === tenantId && found.expiry > Date.now() ? found : undefined;
  }

  // A use ends all tokens of the user.
  consume(token, tenantId) {
    const found = this.find(token, tenantId);
    for (const [other, { userId }] of this.#tokens) {
      if (userId === found?.userId) this.#tokens.delete(other);
    }
    return found;
  }

  restoreLifetime() {
    this.lifetimeMs = HOUR_MS;
  }
}

export const resetRoutes = ({ users, resetTokens }) => ({
  "POST /recipe/user/password/reset/token": ({ b, tenantId }) => {
    if (!users.byId(b.userId)) return { status: "UNKNOWN_USER_ID_ERROR" };
    return { status: "OK", token: resetTokens.create(b, tenantId) };
  },
  "POST /recipe/user/password/reset/token/consume": ({ b, tenantId }) => {
    const found = resetTokens.consume(b.token, tenantId);
    if (!found) return { status: "RESET_PASSWORD_INVALID_TOKEN_ERROR" };
    return { status: "OK", userId: found.userId, email: found.email };
  },
  "PUT /recipe/user": async ({ b }) => {
    const user = users.byId(b.recipeUserId);
    if (user?.recipeId !== "emailpassword") return { status: "UNKNOWN_USER_ID_ERROR" };
    if (b.email !== undefined) {
      const other = users.byEmail(b.email, user.tenantIds[0]);
      if (other && other !== user) return { status: "EMAIL_ALREADY_EXISTS_ERROR" };
      user.email = b.email.trim().toLowerCase();
    }
    if (b.password !== undefined) await users.setPassword(user, b.password);
    return { status: "OK" };
  },
});
