// Data about users, in which the SDK stores the factors that a user must complete.
export class Metadata {
  #ofUser = new Map();

  get(userId) {
    return this.#ofUser.get(userId) ?? {};
  }

  // Changes the fields that are given; null removes one.
  merge(userId, update) {
    const merged = Object.entries({ ...this.get(userId), ...update }).filter(([, value]) => value !== null);
    this.#ofUser.set(userId, Object.fromEntries(merged));
    return this.get(userId);
  }

  remove(userId) {
    this.#ofUser.delete(userId);
  }
}

export const metadataRoutes = ({ metadata }) => ({
  "GET /recipe/user/metadata": ({ q }) => ({ status: "OK", metadata: metadata.get(q.userId) }),
  "PUT /recipe/user/metadata": ({ b }) => ({ status: "OK", metadata: metadata.merge(b.userId, b.metadataUpdate) }),
  "POST /recipe/user/metadata/remove": ({ b }) => {
    metadata.remove(b.userId);
    return { status: "OK" };
  },
});
