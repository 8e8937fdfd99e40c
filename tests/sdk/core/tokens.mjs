// Access tokens in both formats of SDKs, and refresh tokens, which only the core can read.
import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from "node:crypto";
import { isSignedBy, peek, signJwt } from "./keys.mjs";

export const sha256 = (text) => createHash("sha256").update(text).digest("hex");

const PROTECTED = [
  "sub", "exp", "iat", "tId", "rsub", "sessionHandle", "refreshTokenHash1", "parentRefreshTokenHash1", "antiCsrfToken",
];
const wholeSeconds = (ms) => ms - (ms % 1000);

// Version 5 belongs to CDI 4.0 and later, version 2 to CDI 2.20 and earlier.
export const tokenVersion = (cdi) => (Number(cdi.split(".")[0]) >= 4 ? 5 : 2);

export const protectedFieldIn = (userData) => PROTECTED.find((name) => name in userData);

// A token of `info` = { handle, userId, recipeUserId, tenantId, hash1, parentHash1, antiCsrf, userData, expiresAt }.
export async function signAccess(keys, info, version, useStatic) {
  const { handle, userId, hash1, parentHash1 = null, antiCsrf = null, userData } = info;
  const now = Date.now();
  const key = await keys.signer(useStatic);
  if (version === 2) {
    const payload = {
      sessionHandle: handle, userId, refreshTokenHash1: hash1, expiryTime: info.expiresAt,
      ...(parentHash1 && { parentRefreshTokenHash1: parentHash1 }), userData,
      ...(antiCsrf && { antiCsrfToken: antiCsrf }), timeCreated: now, lmrt: now,
    };
    // Old SDKs compare this header letter by letter, padding included.
    const token = signJwt({ alg: "RS256", typ: "JWT", version: "2" }, payload, key, "base64");
    return { token, expiry: info.expiresAt, createdTime: now };
  }
  const expiry = wholeSeconds(info.expiresAt);
  const createdTime = wholeSeconds(now);
  const payload = {
    iat: createdTime / 1000, exp: expiry / 1000, sub: userId, tId: info.tenantId ?? "public",
    rsub: info.recipeUserId ?? userId, sessionHandle: handle, refreshTokenHash1: hash1,
    parentRefreshTokenHash1: parentHash1, antiCsrfToken: antiCsrf, ...userData,
  };
  const header = { kid: key.kid, typ: "JWT", version: "5", alg: "RS256" };
  return { token: signJwt(header, payload, key, "base64url"), expiry, createdTime };
}

// The content of an access token, signed or not; null if this core has not issued it.
export function readAccess(token) {
  const parsed = peek(token);
  if (!parsed) return null;
  const { header, payload } = parsed;
  const common = {
    handle: payload.sessionHandle,
    hash1: payload.refreshTokenHash1,
    parentHash1: payload.parentRefreshTokenHash1 ?? undefined,
    antiCsrf: payload.antiCsrfToken ?? undefined,
  };
  if (!common.handle || !common.hash1) return null;
  if (header.kid === undefined) {
    const { userId, userData, expiryTime } = payload;
    return { ...common, version: 2, userId, userData, expiresAt: expiryTime };
  }
  const userData = Object.fromEntries(Object.entries(payload).filter(([name]) => !PROTECTED.includes(name)));
  const { sub: userId, rsub: recipeUserId, tId: tenantId, exp } = payload;
  return { ...common, version: 5, kid: header.kid, userId, recipeUserId, tenantId, userData, expiresAt: exp * 1000 };
}

// The same, but null if the signature is wrong.
export function openAccess(keys, token) {
  const info = readAccess(token);
  if (!info) return null;
  const candidates = keys.all().filter((key) => info.kid === undefined || key.kid === info.kid);
  return isSignedBy(token, candidates) ? info : null;
}

const refreshKey = randomBytes(32);

export function sealRefresh(content) {
  const nonce = sha256(randomUUID());
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", refreshKey, iv);
  const body = Buffer.concat([cipher.update(JSON.stringify({ ...content, nonce })), cipher.final()]);
  // Base64 with padding, as in the core: cookies contain it percent-encoded.
  return `${Buffer.concat([iv, body, cipher.getAuthTag()]).toString("base64")}.${nonce}.V2`;
}

export function openRefresh(token) {
  const [sealed, nonce, version] = String(token).split(".");
  try {
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv("aes-256-gcm", refreshKey, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(-16));
    const text = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
    const content = JSON.parse(text.toString());
    return version === "V2" && content.nonce === nonce ? content : null;
  } catch {
    return null;
  }
}
