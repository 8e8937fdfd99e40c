// Which sessions the SDK issued, and which of their access tokens a test has declared expired.
export class Ledger {
  #current = new Map();
  #expired = new Set();
  thefts = 0;

  // To be called with each access token that comes with a new refresh token.
  note(token) {
    const { sessionHandle, refreshTokenHash1 } = payloadOf(token);
    this.#current.set(sessionHandle, refreshTokenHash1);
  }

  has(handle) {
    return this.#current.has(handle);
  }

  handles() {
    return [...this.#current.keys()];
  }

  // All access tokens that belong to the session's newest refresh token: those of the next refresh are good again.
  expire(handles) {
    for (const handle of handles) this.#expired.add(this.#current.get(handle));
  }

  isExpired(token) {
    const hash = token && payloadOf(token)?.refreshTokenHash1;
    return hash !== undefined && this.#expired.has(hash);
  }
}

export function payloadOf(token) {
  try {
    return JSON.parse(Buffer.from(token.split(".")[1], "base64").toString());
  } catch {
    return undefined;
  }
}
