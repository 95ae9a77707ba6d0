// An issuer's key, and the signatures that voters have under it: RSA-PSS with SHA-384 and a salt
// of 48 bytes, which needs no library for blind signatures.
import { type Bytes, concat, equal } from './bytes.ts';
import { CREDENTIAL_BYTES, type Credential } from './ballot.ts';

export const SALT_LENGTH = 48;

// The SubjectPublicKeyInfo of RSA-3072 with e = 65537 before and after the modulus: only this
// encoding of a key is one.
const HEADER = Uint8Array.of(
  0x30, 0x82, 0x01, 0xa2, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01,
  0x01, 0x05, 0x00, 0x03, 0x82, 0x01, 0x8f, 0x00, 0x30, 0x82, 0x01, 0x8a, 0x02, 0x82, 0x01, 0x81,
  0x00,
);
const EXPONENT = Uint8Array.of(0x02, 0x03, 0x01, 0x00, 0x01);

// Nothing unless `spki` is an RSA-3072 public key as the protocol wants it.
export async function importIssuingKey(spki: Bytes): Promise<CryptoKey | undefined> {
  const end = HEADER.length + CREDENTIAL_BYTES;
  const first = spki[HEADER.length] ?? 0;
  const last = spki[end - 1] ?? 0;
  if (
    !equal(spki.subarray(0, HEADER.length), HEADER) ||
    !equal(spki.subarray(end), EXPONENT) ||
    first < 0x80 || // fewer than 3072 bits
    last % 2 === 0
  ) {
    return undefined;
  }
  try {
    const algorithm = { name: 'RSA-PSS', hash: 'SHA-384' };
    return await crypto.subtle.importKey('spki', spki, algorithm, true, ['verify']);
  } catch {
    return undefined;
  }
}

export function verifyCredential(
  key: CryptoKey,
  message: Bytes,
  { prefix, signature }: Credential,
): Promise<boolean> {
  const algorithm = { name: 'RSA-PSS', saltLength: SALT_LENGTH };
  return crypto.subtle.verify(algorithm, key, signature, concat(prefix, message));
}
