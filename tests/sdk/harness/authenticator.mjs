// An authenticator in software, with ES256 keys: it returns what `navigator.credentials` returns, as JSON.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const text = (bytes) => Buffer.from(bytes).toString("base64url");

// CBOR of integers, bytes, text and maps, with lengths below 65536.
function cbor(value) {
  const head = (type, count) => {
    if (count < 24) return Buffer.from([(type << 5) | count]);
    if (count < 256) return Buffer.from([(type << 5) | 24, count]);
    return Buffer.from([(type << 5) | 25, count >> 8, count & 255]);
  };
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flat().map(cbor)]);
}

export class Authenticator {
  #keys = new Map();

  // `isPresent: false` leaves out the user's presence, which servers must reject.
  create({ challenge, rp, origin = "http://localhost:8080", isPresent = true }) {
    const id = randomBytes(16);
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#keys.set(text(id), { privateKey, counter: 0 });
    const { x, y } = publicKey.export({ format: "jwk" });
    const point = (coordinate) => Buffer.from(coordinate, "base64url");
    const cose = cbor(new Map([[1, 2], [3, -7], [-1, 1], [-2, point(x)], [-3, point(y)]]));
    const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, cose]);
    const authData = Buffer.concat([head(rp.id, isPresent ? 0x45 : 0x44, 0), credential]);
    const attestation = cbor(new Map([["fmt", "none"], ["attStmt", new Map()], ["authData", authData]]));
    const client = clientData("webauthn.create", challenge, origin);
    const response = { clientDataJSON: text(client), attestationObject: text(attestation), transports: ["internal"] };
    return describe(text(id), response);
  }

  has(credentialId) {
    return this.#keys.has(credentialId);
  }

  // Each signature of one credential increases its counter.
  get({ challenge, rpId, origin = "http://localhost:8080", credentialId }) {
    const key = this.#keys.get(credentialId);
    key.counter += 1;
    const authenticatorData = head(rpId, 0x05, key.counter);
    const client = clientData("webauthn.get", challenge, origin);
    const signature = sign("sha256", Buffer.concat([authenticatorData, sha256(client)]), key.privateKey);
    const response = { clientDataJSON: text(client), authenticatorData: text(authenticatorData), signature: text(signature) };
    return describe(credentialId, response);
  }
}

const describe = (id, response) => ({
  id, rawId: id, type: "public-key", authenticatorAttachment: "platform", clientExtensionResults: {}, response,
});

const clientData = (type, challenge, origin) => Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

function head(rpId, flags, counter) {
  const rest = Buffer.alloc(5);
  rest[0] = flags;
  rest.writeUInt32BE(counter, 1);
  return Buffer.concat([sha256(rpId), rest]);
}
