// Hashes and signatures by WebCrypto.
import type { Bytes } from './bytes.ts';

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

// Nothing when `key` is not the 32 bytes of an Ed25519 public key.
export async function importEd25519(key: Bytes): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.importKey('raw', key, 'Ed25519', true, ['verify']);
  } catch {
    return undefined;
  }
}

export async function verifyEd25519(key: Bytes, text: Bytes, signature: Bytes): Promise<boolean> {
  const imported = await importEd25519(key);
  return imported !== undefined && crypto.subtle.verify('Ed25519', imported, signature, text);
}
