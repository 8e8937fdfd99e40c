// Passwordless sign-in: devices, each a flow of one browser, with the codes that were sent for them.
import { createHash, createHmac, randomBytes, randomInt, randomUUID } from "node:crypto";

const MAX_ATTEMPTS = 5;
const QUARTER_HOUR_MS = 15 * 60_000;

const preAuthIdOf = (deviceId) => createHash("sha256").update(Buffer.from(deviceId, "base64")).digest("base64url");
const linkCodeOf = (deviceId, userInputCode) => createHmac("sha256", userInputCode).update(deviceId).digest("base64url");
const isFor = (device, { tenantId, email, phoneNumber }) => {
  return device.tenantId === tenantId && device.email === email && device.phoneNumber === phoneNumber;
};

export class Devices {
  #byPreAuthId = new Map();
  lifetimeMs = QUARTER_HOUR_MS;

  // A code for a new device, or for the one with this id.
  createCode({ deviceId, email, phoneNumber, userInputCode }, tenantId) {
    const isNew = deviceId === undefined;
    const [device] = isNew ? [this.#create({ tenantId, email, phoneNumber })] : this.list({ deviceId }, tenantId);
    if (!device) return { status: "RESTART_FLOW_ERROR" };
    const input = userInputCode ?? String(randomInt(1_000_000)).padStart(6, "0");
    if (device.codes.some((code) => code.input === input)) return { status: "USER_INPUT_CODE_ALREADY_USED_ERROR" };
    const link = linkCodeOf(device.deviceId, input);
    const code = { codeId: randomUUID(), input, link, timeCreated: Date.now(), codeLifetime: this.lifetimeMs };
    device.codes.push(code);
    const { codeId, timeCreated, codeLifetime } = code;
    return {
      status: "OK", preAuthSessionId: device.preAuthSessionId, codeId, deviceId: device.deviceId, userInputCode: input,
      linkCode: code.link, timeCreated, codeLifetime,
    };
  }

  // The device of a valid code, or why there is none. Wrong and expired input counts as a failed attempt.
  check({ preAuthSessionId, deviceId, userInputCode, linkCode }, tenantId) {
    const device = this.#byPreAuthId.get(preAuthSessionId);
    if (!device || device.tenantId !== tenantId) return { status: "RESTART_FLOW_ERROR" };
    if (deviceId !== undefined && deviceId !== device.deviceId) return { status: "RESTART_FLOW_ERROR" };
    const isLink = deviceId === undefined;
    const code = device.codes.find(({ input, link }) => (isLink ? link === linkCode : input === userInputCode));
    const isExpired = code && code.timeCreated + code.codeLifetime <= Date.now();
    if (code && !isExpired) return { status: "OK", device };
    if (isLink) return { status: "RESTART_FLOW_ERROR" };
    device.failed += 1;
    if (device.failed >= MAX_ATTEMPTS) {
      this.#byPreAuthId.delete(preAuthSessionId);
      return { status: "RESTART_FLOW_ERROR" };
    }
    const status = isExpired ? "EXPIRED_USER_INPUT_CODE_ERROR" : "INCORRECT_USER_INPUT_CODE_ERROR";
    return { status, failedCodeInputAttemptCount: device.failed, maximumCodeInputAttempts: MAX_ATTEMPTS };
  }

  list({ preAuthSessionId, deviceId, email, phoneNumber }, tenantId) {
    const id = deviceId === undefined ? preAuthSessionId : preAuthIdOf(deviceId);
    const fits = (device) => {
      if (id === undefined) return isFor(device, { tenantId, email, phoneNumber });
      return device.preAuthSessionId === id && device.tenantId === tenantId;
    };
    return [...this.#byPreAuthId.values()].filter(fits);
  }

  removeAll(wanted) {
    for (const [id, device] of this.#byPreAuthId) if (isFor(device, wanted)) this.#byPreAuthId.delete(id);
  }

  removeCode(codeId) {
    for (const [id, device] of this.#byPreAuthId) {
      device.codes = device.codes.filter((code) => code.codeId !== codeId);
      if (device.codes.length === 0) this.#byPreAuthId.delete(id);
    }
  }

  restoreLifetime() {
    this.lifetimeMs = QUARTER_HOUR_MS;
  }

  #create(contact) {
    const deviceId = randomBytes(32).toString("base64");
    const preAuthSessionId = preAuthIdOf(deviceId);
    const device = { deviceId, preAuthSessionId, failed: 0, codes: [], ...contact };
    this.#byPreAuthId.set(preAuthSessionId, device);
    return device;
  }
}

const describe = ({ preAuthSessionId, failed, email, phoneNumber, codes }) => ({
  preAuthSessionId,
  failedCodeInputAttemptCount: failed,
  email,
  phoneNumber,
  codes: codes.map(({ codeId, timeCreated, codeLifetime }) => ({ codeId, timeCreated, codeLifetime })),
});

const consumed = ({ preAuthSessionId, failed, email, phoneNumber }) => ({
  preAuthSessionId, failedCodeInputAttemptCount: failed, email, phoneNumber,
});

export const passwordlessRoutes = ({ users, mails, devices }) => ({
  "POST /recipe/signinup/code": ({ b, tenantId }) => devices.createCode(b, tenantId),
  "POST /recipe/signinup/code/check": ({ b, tenantId }) => {
    const { device, ...result } = devices.check(b, tenantId);
    return device ? { ...result, consumedDevice: consumed(device) } : result;
  },
  "POST /recipe/signinup/code/consume": ({ b, tenantId }) => {
    const { device, ...result } = devices.check(b, tenantId);
    if (!device) return result;
    const contact = device.email === undefined ? { phoneNumber: device.phoneNumber } : { email: device.email };
    const known = users.find({ recipeId: "passwordless", tenantId, ...contact });
    const user = known ?? users.add({ recipeId: "passwordless", tenantId, ...contact });
    // The code came by this address.
    if (user.email !== undefined) mails.markVerified({ userId: user.id, email: user.email });
    devices.removeAll({ tenantId, email: device.email, phoneNumber: device.phoneNumber });
    return {
      status: "OK", createdNewUser: !known, user: users.describe(user), recipeUserId: user.id, consumedDevice: consumed(device),
    };
  },
  "GET /recipe/signinup/codes": ({ q, tenantId }) => ({ status: "OK", devices: devices.list(q, tenantId).map(describe) }),
  "POST /recipe/signinup/codes/remove": ({ b, tenantId }) => {
    devices.removeAll({ tenantId, email: b.email, phoneNumber: b.phoneNumber });
    return { status: "OK" };
  },
  "POST /recipe/signinup/code/remove": ({ b }) => {
    devices.removeCode(b.codeId);
    return { status: "OK" };
  },
});
