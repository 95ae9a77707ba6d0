// The vectors of RFC 9474, appendix A, for Node and for a browser.
import { BlindRSA, type BlindRSAParams } from '@cloudflare/blindrsa-ts/lib/src/blindrsa.js';
import { base64url, type Bytes, hex } from '../src/bytes.ts';
import { blind, finalize } from '../src/credential.ts';
import { verifyCredential } from '../src/issuing_key.ts';
import { fromHex } from './testdata.ts';

export interface Rfc9474Vector {
  name: string;
  n: string;
  e: string;
  d: string;
  msg: string;
  msg_prefix: string;
  input_msg: string;
  salt: string;
  sLen: string;
  is_randomized: string;
  inv: string;
  blinded_msg: string;
  blind_sig: string;
  sig: string;
}

const digits = (number: string): string => number.replace(/^0x/, '');

function invert(value: bigint, modulus: bigint): bigint {
  let [r, next, x, nextX] = [modulus, value % modulus, 0n, 1n];
  while (next !== 0n) {
    const quotient = r / next;
    [r, next] = [next, r - quotient * next];
    [x, nextX] = [nextX, x - quotient * nextX];
  }
  return ((x % modulus) + modulus) % modulus;
}

// Calls `run` while crypto.getRandomValues gives these bytes, one item for each call.
async function withRandom<T>(items: Bytes[], run: () => Promise<T>): Promise<T> {
  const queue = [...items];
  const getRandomValues = (array: Uint8Array): Uint8Array => {
    const bytes = queue.shift();
    if (bytes?.length !== array.length) throw new Error(`${array.length} bytes are not foreseen`);
    array.set(bytes);
    return array;
  };
  Object.defineProperty(crypto, 'getRandomValues', { value: getRandomValues, configurable: true });
  try {
    return await run();
  } finally {
    Reflect.deleteProperty(crypto, 'getRandomValues'); // the prototype's is there again
  }
}

type Expect = (what: string, is: string, should: string) => void;

async function check(vector: Rfc9474Vector, expect: Expect): Promise<void> {
  const [salt, prefix] = [fromHex(vector.salt), fromHex(vector.msg_prefix)];
  const jwk = {
    kty: 'RSA', n: base64url(fromHex(digits(vector.n))), e: base64url(fromHex(digits(vector.e))),
  };
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-384' };
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, true, ['verify']);
  const inverse = digits(vector.inv).padStart(1024, '0');
  const r = invert(BigInt(`0x${inverse}`), BigInt(vector.n)).toString(16).padStart(1024, '0');
  const params: BlindRSAParams = {
    name: vector.name, hash: 'SHA-384', saltLength: Number(vector.sLen), prepareType: prefix.length,
  };
  const suite = new BlindRSA({ ...params, supportsRSARAW: false });
  const message = fromHex(vector.msg);
  const prepared = await withRandom([prefix], async () => suite.prepare(message));
  expect('prepared message', hex(prepared), vector.input_msg);
  const random = [salt, fromHex(r)];
  const { blindedMsg, inv } = await withRandom(random, () => suite.blind(key, prepared));
  expect('blinded message', hex(blindedMsg), vector.blinded_msg);
  expect('inverse', hex(inv), inverse);
  const blindSignature = fromHex(vector.blind_sig);
  expect('signature', hex(await suite.finalize(key, prepared, blindSignature, inv)), vector.sig);

  if (vector.name !== 'RSABSSA-SHA384-PSS-Randomized') return;
  const ours = await withRandom(random, () => blind(key, message, prefix));
  expect('our blinded message', hex(ours.blinded), vector.blinded_msg);
  const signature = await finalize(key, message, ours, blindSignature);
  expect('our signature', hex(signature), vector.sig);
  const isValid = await verifyCredential(key, message, { prefix, signature });
  expect('our verification', String(isValid), 'true');
}

// What does not agree with the vectors; empty when all pass.
export async function rfc9474Faults(vectors: Rfc9474Vector[]): Promise<string[]> {
  const faults: string[] = [];
  for (const vector of vectors) {
    await check(vector, (what, is, should) => {
      if (is !== should) faults.push(`${vector.name}: the ${what} is ${is}`);
    });
  }
  return faults;
}
