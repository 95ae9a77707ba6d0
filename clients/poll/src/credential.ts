// RSABSSA-SHA384-PSS-Randomized (RFC 9474): an issuer signs a message that it does not see. Most of
// the library's size comes with this file, so it is imported when a credential is asked for.
import { BlindRSA } from '@cloudflare/blindrsa-ts/lib/src/blindrsa.js';
import { PREFIX_BYTES } from './ballot.ts';
import { type Bytes, concat, randomBytes } from './bytes.ts';
import { PollError } from './errors.ts';
import { SALT_LENGTH } from './issuing_key.ts';

const SUITE = new BlindRSA({
  name: 'RSABSSA-SHA384-PSS-Randomized',
  hash: 'SHA-384',
  saltLength: SALT_LENGTH,
  prepareType: PREFIX_BYTES,
  supportsRSARAW: false,
});

export interface Blinding {
  prefix: Bytes; // 32 bytes
  blinded: Bytes; // goes to the issuer
  inverse: Bytes; // a secret of the voter, needed once for finalize
}

export async function blind(
  key: CryptoKey,
  message: Bytes,
  prefix: Bytes = randomBytes(PREFIX_BYTES),
): Promise<Blinding> {
  const { blindedMsg, inv } = await SUITE.blind(key, concat(prefix, message));
  return { prefix, blinded: new Uint8Array(blindedMsg), inverse: new Uint8Array(inv) };
}

// The issuer's signature over prefix and message. Throws 'credential' when it is not valid.
export async function finalize(
  key: CryptoKey,
  message: Bytes,
  blinding: Pick<Blinding, 'prefix' | 'inverse'>,
  blindSignature: Bytes,
): Promise<Bytes> {
  try {
    const prepared = concat(blinding.prefix, message);
    return new Uint8Array(await SUITE.finalize(key, prepared, blindSignature, blinding.inverse));
  } catch {
    throw new PollError('credential', "The issuer's signature is not valid.");
  }
}
