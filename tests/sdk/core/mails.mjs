// Tokens that verify e-mail addresses, and the verified addresses.
import { randomBytes } from "node:crypto";

const DAY_MS = 86_400_000;

const key = (userId, email) => `${userId} ${email}`;

export class Mails {
  #tokens = new Map();
  #verified = new Set();
  lifetimeMs = DAY_MS;

  token({ userId, email }) {
    if (this.#verified.has(key(userId, email))) return { status: "EMAIL_ALREADY_VERIFIED_ERROR" };
    const token = randomBytes(32).toString("base64url");
    this.#tokens.set(token, { userId, email, expiry: Date.now() + this.lifetimeMs });
    return { status: "OK", token };
  }

  verify({ token }) {
    const whose = this.#tokens.get(token);
    if (!whose || whose.expiry <= Date.now()) return { status: "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR" };
    this.forget(whose);
    this.markVerified(whose);
    const { userId, email } = whose;
    return { status: "OK", userId, email };
  }

  markVerified({ userId, email }) {
    this.#verified.add(key(userId, email));
  }

  isVerified({ userId, email }) {
    return { status: "OK", isVerified: this.#verified.has(key(userId, email)) };
  }

  unverify({ userId, email }) {
    this.#verified.delete(key(userId, email));
    return { status: "OK" };
  }

  forget({ userId, email }) {
    for (const [token, whose] of this.#tokens) {
      if (whose.userId === userId && whose.email === email) this.#tokens.delete(token);
    }
    return { status: "OK" };
  }

  restoreLifetime() {
    this.lifetimeMs = DAY_MS;
  }
}
