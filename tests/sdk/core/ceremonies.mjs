// The checks of WebAuthn: what an authenticator returned for a registration or a sign-in.
import { createHash, createPublicKey, verify } from "node:crypto";
import { decodeCbor } from "./cbor.mjs";

const USER_PRESENT = 1;
const HAS_CREDENTIAL = 64;
const CURVES = { 1: "P-256", 6: "Ed25519" };

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const bytesOf = (text) => Buffer.from(String(text), "base64url");

export class InvalidCredential extends Error {}
export class InvalidAuthenticator extends Error {}

const demand = (condition, message) => {
  if (!condition) throw new InvalidCredential(message);
};

// The new credential: { id, key, counter }.
export function checkRegistration({ id, response }, options) {
  checkClientData(response, options, "webauthn.create");
  const data = parse(() => decodeCbor(bytesOf(response.attestationObject)).get("authData"));
  const { flags, counter, credentialId, key } = readAuthenticatorData(data, options);
  demand(flags & HAS_CREDENTIAL && credentialId === id, "the authenticator data has another credential");
  if (!options.supportedAlgorithmIds.includes(key.get(3))) throw new InvalidAuthenticator("the algorithm is not supported");
  return { id, key: parse(() => publicKey(key)), counter };
}

// The new counter of the credential.
export function checkAssertion({ response }, known, options) {
  checkClientData(response, options, "webauthn.get");
  const data = bytesOf(response.authenticatorData);
  const { counter } = readAuthenticatorData(data, options);
  const signed = Buffer.concat([data, sha256(bytesOf(response.clientDataJSON))]);
  const digest = known.key.asymmetricKeyType === "ed25519" ? null : "sha256";
  demand(verify(digest, signed, known.key, bytesOf(response.signature)), "the signature is wrong");
  demand((counter === 0 && known.counter === 0) || counter > known.counter, "the counter has not increased");
  return counter;
}

function checkClientData(response, options, type) {
  const data = parse(() => JSON.parse(bytesOf(response.clientDataJSON).toString()));
  demand(data.type === type, `the type is not ${type}`);
  demand(data.challenge === options.challenge, "the challenge is another one");
  demand(data.origin === options.origin, `the origin is not ${options.origin}`);
}

function readAuthenticatorData(data, { relyingPartyId }) {
  demand(data.length >= 37 && data.subarray(0, 32).equals(sha256(relyingPartyId)), "the relying party is another one");
  const [flags, counter] = [data[32], data.readUInt32BE(33)];
  if (!(flags & USER_PRESENT)) throw new InvalidAuthenticator("the user was not present");
  if (!(flags & HAS_CREDENTIAL)) return { flags, counter };
  const end = 55 + data.readUInt16BE(53);
  const key = parse(() => decodeCbor(data.subarray(end)));
  return { flags, counter, credentialId: data.subarray(55, end).toString("base64url"), key };
}

function publicKey(cose) {
  const text = (label) => cose.get(label).toString("base64url");
  const kinds = {
    1: () => ({ kty: "OKP", crv: CURVES[cose.get(-1)], x: text(-2) }),
    2: () => ({ kty: "EC", crv: CURVES[cose.get(-1)], x: text(-2), y: text(-3) }),
    3: () => ({ kty: "RSA", n: text(-1), e: text(-2) }),
  };
  return createPublicKey({ key: kinds[cose.get(1)](), format: "jwk" });
}

function parse(read) {
  try {
    return read();
  } catch (error) {
    throw new InvalidCredential(error.message);
  }
}
