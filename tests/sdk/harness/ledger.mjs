// The sessions that the SDK issued, and the access tokens that a test has expired.
export class Ledger {
  #current = new Map();
  #expired = new Set();
  thefts = 0;

  // Called with each access token that was issued with a new refresh token.
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

  // Expires all access tokens of the session's newest refresh token: those of the next refresh are valid again.
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
