// TOTP devices and the check of their codes (RFC 6238: SHA-1, 6 digits).
import { createHmac, randomBytes } from "node:crypto";

const MAX_ATTEMPTS = 5;
const COOLDOWN_MS = 15 * 60_000;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export class Totp {
  #devices = new Map();
  // The attempts of each user, the newest last.
  #attempts = new Map();

  create({ userId, deviceName, skew, period }) {
    const devices = this.#of(userId);
    const isTaken = (name) => devices.some((device) => device.name === name && device.verified);
    if (deviceName !== undefined && isTaken(deviceName)) return { status: "DEVICE_ALREADY_EXISTS_ERROR" };
    let number = devices.filter(({ verified }) => verified).length;
    while (isTaken(`TOTP Device ${number}`)) number += 1;
    const name = deviceName ?? `TOTP Device ${number}`;
    const secret = base32(randomBytes(20));
    // One that was never verified is replaced.
    const others = devices.filter((device) => device.name !== name);
    this.#devices.set(userId, [...others, { name, secret, skew, period, verified: false }]);
    return { status: "OK", deviceName: name, secret };
  }

  rename({ userId, existingDeviceName, newDeviceName }) {
    const device = this.#find(userId, existingDeviceName);
    if (!device) return { status: "UNKNOWN_DEVICE_ERROR" };
    if (this.#find(userId, newDeviceName)) return { status: "DEVICE_ALREADY_EXISTS_ERROR" };
    device.name = newDeviceName;
    return { status: "OK" };
  }

  list(userId) {
    const devices = this.#of(userId).map(({ name, period, skew, verified }) => ({ name, period, skew, verified }));
    return { status: "OK", devices };
  }

  remove({ userId, deviceName }) {
    const device = this.#find(userId, deviceName);
    if (!device) return { status: "OK", didDeviceExist: false };
    this.#devices.set(userId, this.#of(userId).filter((other) => other !== device));
    // Without a device a user is no longer limited.
    if (this.#of(userId).length === 0) this.#attempts.delete(userId);
    return { status: "OK", didDeviceExist: true };
  }

  verifyDevice({ userId, deviceName, totp }) {
    const device = this.#find(userId, deviceName);
    if (!device) return { status: "UNKNOWN_DEVICE_ERROR" };
    if (device.verified) return { status: "OK", wasAlreadyVerified: true };
    const result = this.#check(userId, [device], totp);
    if (result.status !== "OK") return result;
    device.verified = true;
    return { status: "OK", wasAlreadyVerified: false };
  }

  verify({ userId, totp }) {
    if (this.#of(userId).length === 0) return { status: "UNKNOWN_USER_ID_ERROR" };
    return this.#check(userId, this.#of(userId).filter(({ verified }) => verified), totp);
  }

  // A valid code counts once only, since a person who saw it could use it too.
  #check(userId, devices, totp) {
    const attempts = this.#attempts.get(userId) ?? [];
    this.#attempts.set(userId, attempts);
    const now = Date.now();
    const failed = attempts.slice(attempts.findLastIndex(({ isValid }) => isValid) + 1).slice(-MAX_ATTEMPTS).length;
    const counts = { currentNumberOfFailedAttempts: failed, maxNumberOfFailedAttempts: MAX_ATTEMPTS };
    if (failed === MAX_ATTEMPTS) {
      const retryAfterMs = attempts.at(-1).at + COOLDOWN_MS - now;
      if (retryAfterMs > 0) return { status: "LIMIT_REACHED_ERROR", retryAfterMs, ...counts };
    }
    const device = devices.find((device) => codesOf(device, now).includes(totp));
    const isUsed = attempts.some((attempt) => attempt.isValid && attempt.totp === totp && attempt.expiry > now);
    const isValid = device !== undefined && !isUsed;
    const expiry = now + (device ? device.period * 1000 * (2 * device.skew + 1) : 0);
    attempts.push({ totp, isValid, at: now, expiry });
    if (isValid) return { status: "OK" };
    return { status: "INVALID_TOTP_ERROR", ...counts, currentNumberOfFailedAttempts: Math.min(failed + 1, MAX_ATTEMPTS) };
  }

  #of(userId) {
    return this.#devices.get(userId) ?? [];
  }

  #find(userId, deviceName) {
    return this.#of(userId).find(({ name }) => name === deviceName);
  }
}

const codesOf = ({ secret, period, skew }, now) => {
  const steps = Array.from({ length: 2 * skew + 1 }, (_, index) => index - skew);
  return steps.map((step) => totpAt(secret, now + step * period * 1000, period));
};

// The code of a secret at a time in milliseconds.
export function totpAt(secret, ms = Date.now(), period = 30) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(ms / 1000 / period)));
  const mac = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

// 20 bytes are 32 letters, without padding.
function base32(bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.match(/.{5}/g).map((five) => ALPHABET[parseInt(five, 2)]).join("");
}

function fromBase32(text) {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((eight) => parseInt(eight, 2)));
}

export const totpRoutes = ({ totp }) => ({
  "POST /recipe/totp/device": ({ b }) => totp.create(b),
  "PUT /recipe/totp/device": ({ b }) => totp.rename(b),
  "GET /recipe/totp/device/list": ({ q }) => totp.list(q.userId),
  "POST /recipe/totp/device/remove": ({ b }) => totp.remove(b),
  "POST /recipe/totp/device/verify": ({ b }) => totp.verifyDevice(b),
  "POST /recipe/totp/verify": ({ b }) => totp.verify(b),
});
