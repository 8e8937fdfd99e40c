// Sessions: created, verified, refreshed, changed and ended by the core's rules.
import { randomUUID } from "node:crypto";
import { openAccess, openRefresh, protectedFieldIn, readAccess, sealRefresh, sha256, signAccess } from "./tokens.mjs";

const REFRESH_LIFETIME_MS = 100 * 24 * 3_600_000;

export class BadRequest extends Error {}

const unauthorised = (message) => ({ status: "UNAUTHORISED", message });
const tryRefresh = (message) => ({ status: "TRY_REFRESH_TOKEN", message });
const describe = (handle, { userId, recipeUserId = userId, tenantId = "public" }, userDataInJWT) => ({
  handle, userId, recipeUserId, tenantId, userDataInJWT,
});

export class Sessions {
  #keys;
  #records = new Map();
  accessLifetimeMs;
  counts = { created: 0, refreshes: 0, thefts: 0, verifies: 0, promotions: 0 };

  constructor(keys, accessLifetimeMs) {
    this.#keys = keys;
    this.accessLifetimeMs = accessLifetimeMs;
  }

  get size() {
    return this.#records.size;
  }

  async create(options, version) {
    const { userId, recipeUserId, tenantId, userDataInJWT, userDataInDatabase, enableAntiCsrf } = options;
    this.#check(userDataInJWT);
    this.counts.created += 1;
    const handle = randomUUID();
    const record = {
      userId, recipeUserId, tenantId, userDataInJWT, userDataInDatabase, timeCreated: Date.now(),
      useStatic: options.useDynamicSigningKey === false,
    };
    const issued = await this.#issue(handle, record, undefined, enableAntiCsrf, version);
    record.hash2 = sha256(sha256(issued.refreshToken.token));
    record.expiry = issued.refreshToken.expiry;
    this.#records.set(handle, record);
    return issued;
  }

  // The first use of an access token that a refresh issued makes that refresh final: it is promoted.
  async verify({ accessToken, antiCsrfToken, doAntiCsrfCheck, enableAntiCsrf, checkDatabase }) {
    this.counts.verifies += 1;
    const access = openAccess(this.#keys, accessToken);
    if (!access) return tryRefresh("Key not found");
    if (access.expiresAt < Date.now()) return tryRefresh("Access token expired");
    if (enableAntiCsrf && doAntiCsrfCheck && (!antiCsrfToken || antiCsrfToken !== access.antiCsrf)) {
      return tryRefresh("anti-csrf check failed");
    }
    const record = this.#records.get(access.handle);
    if (checkDatabase && !record) return unauthorised("Either the session has ended or has been blacklisted");
    const stale = checkDatabase && JSON.stringify(access.userData) !== JSON.stringify(record.userDataInJWT);
    const asBefore = { status: "OK", session: describe(access.handle, access, access.userData) };
    if (access.parentHash1 === undefined && !stale) return asBefore;
    if (!record) return unauthorised("Session missing in db");

    const promotes = access.parentHash1 !== undefined && record.hash2 === sha256(access.parentHash1);
    const own2 = sha256(access.hash1);
    if (!promotes && record.hash2 !== own2 && !stale) return asBefore;
    if (promotes) {
      this.counts.promotions += 1;
      record.hash2 = own2;
      record.expiry = Date.now() + REFRESH_LIFETIME_MS;
    }
    const info = { ...access, parentHash1: undefined, userData: record.userDataInJWT, expiresAt: this.#accessEnd() };
    const renewed = await signAccess(this.#keys, info, access.version, record.useStatic);
    return { status: "OK", session: describe(access.handle, access, record.userDataInJWT), accessToken: renewed };
  }

  async refresh({ refreshToken, antiCsrfToken, enableAntiCsrf, useDynamicSigningKey }, version) {
    this.counts.refreshes += 1;
    const content = openRefresh(refreshToken);
    if (!content) return unauthorised("Invalid refresh token");
    if (enableAntiCsrf && content.antiCsrfToken && content.antiCsrfToken !== antiCsrfToken) {
      return unauthorised("Anti CSRF token missing, or not matching");
    }
    const record = this.#records.get(content.sessionHandle);
    if (!record || record.expiry < Date.now()) return unauthorised("Session missing in db or has expired");

    const own1 = sha256(refreshToken);
    const own2 = sha256(own1);
    if (record.hash2 !== own2) {
      // Not the newest that was used: either its child, used now for the first time, or one that was replaced.
      if (!content.parentRefreshTokenHash1 || sha256(content.parentRefreshTokenHash1) !== record.hash2) {
        this.counts.thefts += 1;
        return { status: "TOKEN_THEFT_DETECTED", session: describe(content.sessionHandle, record) };
      }
      this.counts.promotions += 1;
      record.hash2 = own2;
      record.expiry = Date.now() + REFRESH_LIFETIME_MS;
    }
    if (useDynamicSigningKey !== undefined) record.useStatic = !useDynamicSigningKey;
    return this.#issue(content.sessionHandle, record, own1, enableAntiCsrf, version);
  }

  async regenerate({ accessToken, userDataInJWT }) {
    // The SDK has verified it; here it only names its session and refresh token.
    const access = readAccess(accessToken);
    const record = access && this.#records.get(access.handle);
    if (!record) return unauthorised("Session does not exist.");
    if (userDataInJWT) {
      this.#check(userDataInJWT);
      record.userDataInJWT = userDataInJWT;
    }
    const session = describe(access.handle, access, record.userDataInJWT);
    if (access.expiresAt < Date.now()) return { status: "OK", session };
    const info = { ...access, userData: record.userDataInJWT };
    return { status: "OK", session, accessToken: await signAccess(this.#keys, info, access.version, record.useStatic) };
  }

  get(handle) {
    const record = this.#records.get(handle);
    if (!record) return unauthorised("Session does not exist.");
    const { userId, recipeUserId, tenantId, userDataInJWT, userDataInDatabase, expiry, timeCreated } = record;
    return {
      status: "OK", sessionHandle: handle, userId, recipeUserId, tenantId,
      userDataInJWT, userDataInDatabase, expiry, timeCreated,
    };
  }

  change(handle, changes) {
    const record = this.#records.get(handle);
    if (!record) return unauthorised("Session does not exist.");
    if (changes.userDataInJWT) this.#check(changes.userDataInJWT);
    Object.assign(record, changes);
    return { status: "OK" };
  }

  handles() {
    return [...this.#records.keys()];
  }

  handlesOf(userId) {
    return [...this.#records].filter(([, record]) => record.userId === userId).map(([handle]) => handle);
  }

  remove(handles) {
    return handles.filter((handle) => this.#records.delete(handle));
  }

  #accessEnd() {
    return Date.now() + this.accessLifetimeMs;
  }

  #check(userData) {
    if (protectedFieldIn(userData)) throw new BadRequest("The user payload contains protected field");
  }

  async #issue(handle, record, parentHash1, enableAntiCsrf, version) {
    const { userId, recipeUserId, tenantId, userDataInJWT, useStatic } = record;
    const antiCsrf = enableAntiCsrf ? randomUUID() : undefined;
    const createdTime = Date.now();
    const expiry = createdTime + REFRESH_LIFETIME_MS;
    const content = { sessionHandle: handle, userId, parentRefreshTokenHash1: parentHash1, antiCsrfToken: antiCsrf };
    const token = sealRefresh(content);
    const info = {
      handle, userId, recipeUserId, tenantId, hash1: sha256(token), parentHash1, antiCsrf, userData: userDataInJWT,
      expiresAt: this.#accessEnd(),
    };
    return {
      status: "OK",
      session: describe(handle, record, userDataInJWT),
      accessToken: await signAccess(this.#keys, info, version, useStatic),
      refreshToken: { token, expiry, createdTime },
      idRefreshToken: { token: randomUUID(), expiry, createdTime },
      ...(antiCsrf && { antiCsrfToken: antiCsrf }),
    };
  }
}
