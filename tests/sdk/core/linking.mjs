// Account linking: a record becomes a primary user, and other records join it.
const CONFLICT = "ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR";
const CONFLICT_TEXT = "This user's email is already associated with another user ID";

export class Linking {
  #users;
  #sessions;

  constructor(users, sessions) {
    this.#users = users;
    this.#sessions = sessions;
  }

  canBePrimary(id) {
    const user = this.#users.byId(id);
    if (!user) return { status: "UNKNOWN_USER_ID_ERROR" };
    if (user.primaryId === user.id) return { status: "OK", wasAlreadyAPrimaryUser: true };
    if (user.primaryId !== undefined) {
      const description = "This user ID is already linked to another user ID";
      return { status: "RECIPE_USER_ID_ALREADY_LINKED_WITH_PRIMARY_USER_ID_ERROR", primaryUserId: user.primaryId, description };
    }
    return this.#conflict(user, user.id) ?? { status: "OK", wasAlreadyAPrimaryUser: false };
  }

  makePrimary(id) {
    const result = this.canBePrimary(id);
    if (result.status !== "OK") return result;
    const user = this.#users.byId(id);
    user.primaryId = user.id;
    return { ...result, user: this.#users.describe(user) };
  }

  canLink(id, primaryId) {
    const [user, primary] = [this.#users.byId(id), this.#users.byId(primaryId)];
    if (!user || !primary) return { status: "UNKNOWN_USER_ID_ERROR" };
    if (primary.primaryId === undefined) return { status: "INPUT_USER_IS_NOT_A_PRIMARY_USER" };
    if (user.primaryId === primary.primaryId) return { status: "OK", accountsAlreadyLinked: true };
    if (user.primaryId !== undefined) {
      const description = "The input recipe user ID is already linked to another user ID";
      const status = "RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR";
      return { status, primaryUserId: user.primaryId, description, user: this.#users.describe(user) };
    }
    return this.#conflict(user, primary.primaryId) ?? { status: "OK", accountsAlreadyLinked: false };
  }

  link(id, primaryId) {
    const result = this.canLink(id, primaryId);
    if (result.status !== "OK") return result;
    const user = this.#users.byId(id);
    if (!result.accountsAlreadyLinked) {
      // Its own sessions name a user that no longer exists.
      this.#sessions.remove(this.#sessions.handlesOf(user.id));
      user.primaryId = this.#users.primaryIdOf(primaryId);
    }
    return { ...result, user: this.#users.describe(user) };
  }

  // Another primary user with the same address, number or account elsewhere.
  #conflict({ email, phoneNumber, thirdParty, tenantIds }, ownId) {
    for (const tenantId of tenantIds) {
      const others = this.#users.list({ tenantId, email, phoneNumber, thirdParty, any: true });
      const other = others.find(({ primaryId }) => primaryId !== undefined && primaryId !== ownId);
      if (other) return { status: CONFLICT, primaryUserId: other.primaryId, description: CONFLICT_TEXT };
    }
    return undefined;
  }
}

export const linkingRoutes = ({ linking }) => ({
  "GET /recipe/accountlinking/user/primary/check": ({ q }) => linking.canBePrimary(q.recipeUserId),
  "POST /recipe/accountlinking/user/primary": ({ b }) => linking.makePrimary(b.recipeUserId),
  "GET /recipe/accountlinking/user/link/check": ({ q }) => linking.canLink(q.recipeUserId, q.primaryUserId),
  "POST /recipe/accountlinking/user/link": ({ b }) => linking.link(b.recipeUserId, b.primaryUserId),
});
