// Users. Each way to sign in is a record of its own; linked records share the id of their primary user.
import { randomBytes, randomUUID, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(scrypt);
// Fast, since these passwords protect nothing.
const hashOf = (password, salt) => derive(password, salt, 32, { N: 1024 });
const normalise = (email) => email.trim().toLowerCase();
const idOf = (user) => user.primaryId ?? user.id;
const unique = (list) => [...new Set(list.filter((each) => each !== undefined))];

export class Users {
  #byId = new Map();
  #isVerified;
  #credentialIdsOf;

  // `isVerified` tells whether a record's e-mail address is verified, `credentialIdsOf` which passkeys it has.
  constructor({ isVerified, credentialIdsOf }) {
    this.#isVerified = isVerified;
    this.#credentialIdsOf = credentialIdsOf;
  }

  add({ recipeId, tenantId, email, phoneNumber, thirdParty }) {
    const id = randomUUID();
    const user = {
      id, recipeId, tenantIds: [tenantId], email: email && normalise(email), phoneNumber, thirdParty, timeJoined: Date.now(),
    };
    this.#byId.set(id, user);
    return user;
  }

  async signUp({ email, password }, tenantId) {
    if (this.byEmail(email, tenantId)) return undefined;
    // Before the hash is ready, so that a second sign-up meanwhile finds the e-mail address in use.
    const user = this.add({ recipeId: "emailpassword", tenantId, email });
    await this.setPassword(user, password);
    return user;
  }

  async signIn({ email, password }, tenantId) {
    const user = this.byEmail(email, tenantId);
    if (!user?.hash) return undefined;
    return timingSafeEqual(user.hash, await hashOf(password, user.salt)) ? user : undefined;
  }

  async setPassword(user, password) {
    const salt = randomBytes(16);
    const hash = await hashOf(password, salt);
    Object.assign(user, { salt, hash });
  }

  byEmail(email, tenantId = "public") {
    return this.find({ recipeId: "emailpassword", email, tenantId });
  }

  byId(id) {
    return this.#byId.get(id);
  }

  // The first record with all of these properties.
  find(wanted) {
    return this.#records(wanted.tenantId).find((user) => {
      return user.recipeId === wanted.recipeId && Object.keys(wanted).every((name) => this.#has(user, name, wanted[name]));
    });
  }

  // Users with one of these properties, or with all of them, each once.
  list({ tenantId, email, phoneNumber, thirdParty, credentialId, any = false }) {
    const wanted = Object.entries({ email, phoneNumber, thirdParty, credentialId }).filter(([, value]) => value !== undefined);
    const fits = (user) => wanted[any ? "some" : "every"](([name, value]) => this.#has(user, name, value));
    const found = this.#records(tenantId).filter((user) => wanted.length > 0 && fits(user));
    return firstOfEach(found);
  }

  all(tenantId) {
    return firstOfEach(this.#records(tenantId));
  }

  remove(id, withLinked = true) {
    const user = this.byId(id);
    if (!user) return;
    for (const each of withLinked ? this.linkedTo(user) : [user]) this.#byId.delete(each.id);
  }

  linkedTo(user) {
    return user.primaryId ? this.#records().filter(({ primaryId }) => primaryId === user.primaryId) : [user];
  }

  primaryIdOf(id) {
    const user = this.byId(id);
    return user ? idOf(user) : id;
  }

  // CDI 4.0 and later: a user may have several ways to sign in.
  describe(user) {
    const methods = this.linkedTo(user);
    return {
      id: idOf(user),
      isPrimaryUser: user.primaryId !== undefined,
      tenantIds: unique(methods.flatMap(({ tenantIds }) => tenantIds)),
      emails: unique(methods.map(({ email }) => email)),
      phoneNumbers: unique(methods.map(({ phoneNumber }) => phoneNumber)),
      thirdParty: unique(methods.map(({ thirdParty }) => thirdParty)),
      webauthn: { credentialIds: methods.flatMap(({ id }) => this.#credentialIdsOf(id)) },
      timeJoined: Math.min(...methods.map(({ timeJoined }) => timeJoined)),
      loginMethods: methods.map(({ id, recipeId, tenantIds, email, phoneNumber, thirdParty, timeJoined }) => ({
        recipeId, recipeUserId: id, tenantIds, email, phoneNumber, thirdParty, timeJoined,
        webauthn: recipeId === "webauthn" ? { credentialIds: this.#credentialIdsOf(id) } : undefined,
        verified: email === undefined || this.#isVerified({ userId: id, email }),
      })),
    };
  }

  #has(user, name, value) {
    switch (name) {
      case "tenantId":
        return user.tenantIds.includes(value);
      case "email":
        return user.email === normalise(value);
      case "thirdParty":
        return user.thirdParty?.id === value.id && user.thirdParty.userId === value.userId;
      case "credentialId":
        return this.#credentialIdsOf(user.id).includes(value);
      default:
        return user[name] === value;
    }
  }

  #records(tenantId) {
    const all = [...this.#byId.values()];
    return tenantId === undefined ? all : all.filter(({ tenantIds }) => tenantIds.includes(tenantId));
  }
}

export const describeUserOld = ({ id, email, timeJoined }) => ({ id, email, timeJoined });

const firstOfEach = (users) => users.filter((user, index) => users.findIndex((other) => idOf(other) === idOf(user)) === index);
