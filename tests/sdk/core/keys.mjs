// The keys that access tokens are signed with.
import { generateKeyPair, randomUUID, sign, verify } from "node:crypto";
import { promisify } from "node:util";

const generate = promisify(generateKeyPair);
const WEEK_MS = 7 * 24 * 3_600_000;

async function newKey(kind) {
  const { privateKey, publicKey } = await generate("rsa", { modulusLength: 2048 });
  // The SDK distinguishes both kinds by the first letter.
  const kid = kind === "dynamic" ? `d-${Date.now()}${Math.floor(Math.random() * 1000)}` : `s-${randomUUID()}`;
  return { kid, privateKey, publicKey, createdAt: Date.now() };
}

export class Keys {
  #dynamic;
  // Older dynamic keys whose tokens are still valid.
  #previous = [];
  #next;
  #static;

  static async create() {
    const keys = new Keys();
    keys.#dynamic = await newKey("dynamic");
    return keys;
  }

  // Signs with a new dynamic key. Tokens of the others stay valid, as after a real core's rotation, or become invalid at
  // once.
  async rotate({ keepsOld = false } = {}) {
    const key = await (this.#next ?? newKey("dynamic"));
    this.#previous = keepsOld ? [this.#dynamic, ...this.#previous] : [];
    this.#dynamic = { ...key, createdAt: Date.now() };
    this.#next = newKey("dynamic");
  }

  async signer(useStatic) {
    if (!useStatic) return this.#dynamic;
    this.#static ??= await newKey("static");
    return this.#static;
  }

  all() {
    return [...this.#dynamicKeys(), ...(this.#static ? [this.#static] : [])];
  }

  jwks() {
    return this.all().map(({ kid, publicKey }) => ({
      ...publicKey.export({ format: "jwk" }),
      kid,
      alg: "RS256",
      use: "sig",
    }));
  }

  // CDI 2.x returns keys as base64 of DER, with their validity period.
  legacyKeys() {
    const list = this.#dynamicKeys().map(({ publicKey, createdAt }) => ({
      publicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
      expiryTime: createdAt + WEEK_MS,
      createdAt,
    }));
    return {
      jwtSigningPublicKey: list[0].publicKey,
      jwtSigningPublicKeyExpiryTime: list[0].expiryTime,
      jwtSigningPublicKeyList: list,
    };
  }

  #dynamicKeys() {
    return [this.#dynamic, ...this.#previous];
  }
}

export function signJwt(header, payload, key, encoding) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString(encoding);
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${sign("sha256", Buffer.from(text), key.privateKey).toString(encoding)}`;
}

// A JWT's parts without a check of its signature; null if it is no JWT.
export function peek(token) {
  const parts = String(token).split(".");
  if (parts.length !== 3) return null;
  try {
    const [header, payload] = parts.slice(0, 2).map((part) => JSON.parse(Buffer.from(part, "base64").toString()));
    return { header, payload };
  } catch {
    return null;
  }
}

export function isSignedBy(token, keys) {
  const [header, payload, signature] = token.split(".");
  const text = Buffer.from(`${header}.${payload}`);
  const bytes = Buffer.from(signature, "base64");
  return keys.some((key) => verify("sha256", text, key.publicKey, bytes));
}
