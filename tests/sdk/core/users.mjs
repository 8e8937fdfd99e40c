// Users with e-mail and password, and their roles.
import { randomBytes, randomUUID, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(scrypt);
// Fast, since these passwords protect nothing.
const hashOf = (password, salt) => derive(password, salt, 32, { N: 1024 });
const normalise = (email) => email.trim().toLowerCase();

export class Users {
  #byEmail = new Map();

  async signUp({ email: raw, password }) {
    const email = normalise(raw);
    if (this.#byEmail.has(email)) return undefined;
    const salt = randomBytes(16);
    const user = { id: randomUUID(), email, timeJoined: Date.now(), salt };
    // Before the hash is ready, so that a second sign-up meanwhile finds the e-mail address in use.
    this.#byEmail.set(email, user);
    user.hash = await hashOf(password, salt);
    return user;
  }

  async signIn({ email, password }) {
    const user = this.byEmail(email);
    if (!user?.hash) return undefined;
    return timingSafeEqual(user.hash, await hashOf(password, user.salt)) ? user : undefined;
  }

  byEmail(email) {
    return this.#byEmail.get(normalise(email));
  }

  byId(id) {
    return this.all().find((user) => user.id === id);
  }

  all() {
    return [...this.#byEmail.values()];
  }

  remove(id) {
    const user = this.byId(id);
    if (user) this.#byEmail.delete(user.email);
  }
}

// CDI 4.0 and later: a user may have several ways to sign in. These have one.
export const describeUser = ({ id, email, timeJoined }) => ({
  id,
  isPrimaryUser: false,
  tenantIds: ["public"],
  emails: [email],
  phoneNumbers: [],
  thirdParty: [],
  webauthn: { credentialIds: [] },
  timeJoined,
  loginMethods: [
    { recipeId: "emailpassword", recipeUserId: id, tenantIds: ["public"], email, timeJoined, verified: false },
  ],
});

export const describeUserOld = ({ id, email, timeJoined }) => ({ id, email, timeJoined });

export class Roles {
  #permissions = new Map();
  #ofUser = new Map();

  put(role, permissions) {
    const createdNewRole = !this.#permissions.has(role);
    const known = this.#permissions.get(role) ?? [];
    this.#permissions.set(role, [...new Set([...known, ...permissions])]);
    return { status: "OK", createdNewRole };
  }

  names() {
    return { status: "OK", roles: [...this.#permissions.keys()] };
  }

  permissionsOf(role) {
    const permissions = this.#permissions.get(role);
    return permissions ? { status: "OK", permissions } : { status: "UNKNOWN_ROLE_ERROR" };
  }

  give(userId, role) {
    if (!this.#permissions.has(role)) return { status: "UNKNOWN_ROLE_ERROR" };
    const roles = this.#ofUser.get(userId) ?? new Set();
    const didUserAlreadyHaveRole = roles.has(role);
    this.#ofUser.set(userId, roles.add(role));
    return { status: "OK", didUserAlreadyHaveRole };
  }

  take(userId, role) {
    if (!this.#permissions.has(role)) return { status: "UNKNOWN_ROLE_ERROR" };
    return { status: "OK", didUserHaveRole: this.#ofUser.get(userId)?.delete(role) ?? false };
  }

  of(userId) {
    return { status: "OK", roles: [...(this.#ofUser.get(userId) ?? [])] };
  }

  usersWith(role) {
    if (!this.#permissions.has(role)) return { status: "UNKNOWN_ROLE_ERROR" };
    const users = [...this.#ofUser].filter(([, roles]) => roles.has(role)).map(([userId]) => userId);
    return { status: "OK", users };
  }
}
