// The voter's one-time key: ECDSA on P-256 with SHA-256.
import { type Bytes, equal } from './bytes.ts';
import { BALLOT_SIGNATURE_BYTES, VOTER_KEY_BYTES } from './ballot.ts';
import { PollError } from './errors.ts';

const KEY = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' };

// The SubjectPublicKeyInfo before the coordinates: id-ecPublicKey, prime256v1, uncompressed point.
const HEADER = Uint8Array.of(
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
  0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
);

export interface VoterKey {
  privateKey: CryptoKey;
  publicKey: Bytes; // SubjectPublicKeyInfo
}

// A new private key in PKCS#8.
export async function generateVoterKey(): Promise<Bytes> {
  const { privateKey } = await crypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  return new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey));
}

// Throws 'state' unless `pkcs8` is a P-256 private key.
export async function loadVoterKey(pkcs8: Bytes): Promise<VoterKey> {
  try {
    const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, KEY, true, ['sign']);
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', privateKey);
    const jwk = { kty, crv, x, y } as JsonWebKey;
    const publicKey = await crypto.subtle.importKey('jwk', jwk, KEY, true, ['verify']);
    return {
      privateKey,
      publicKey: new Uint8Array(await crypto.subtle.exportKey('spki', publicKey)),
    };
  } catch {
    throw new PollError('state', 'The voter key must be a P-256 private key in PKCS#8.');
  }
}

export async function signAsVoter(key: VoterKey, text: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(SIGNATURE, key.privateKey, text));
}

// Nothing unless `spki` is a P-256 public key with an uncompressed point.
export async function importVoterKey(spki: Bytes): Promise<CryptoKey | undefined> {
  if (spki.length !== VOTER_KEY_BYTES || !equal(spki.subarray(0, HEADER.length), HEADER)) {
    return undefined;
  }
  try {
    return await crypto.subtle.importKey('spki', spki, KEY, true, ['verify']);
  } catch {
    return undefined;
  }
}

export async function verifyVoterSignature(
  key: CryptoKey,
  text: Bytes,
  signature: Bytes,
): Promise<boolean> {
  return (
    signature.length === BALLOT_SIGNATURE_BYTES &&
    (await crypto.subtle.verify(SIGNATURE, key, signature, text))
  );
}
