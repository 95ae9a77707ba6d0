// The tree and the proofs of RFC 9162, section 2.1, as it defines them: recursive and slow.
import type { Bytes } from '../src/bytes.ts';
import { sha256 } from '../src/crypto.ts';
import { leafHash, nodeHash } from '../src/merkle.ts';

// The largest power of two below n, for n above 1.
const split = (n: number): number => 2 ** Math.ceil(Math.log2(n) - 1);

export async function treeHash(entries: readonly Bytes[]): Promise<Bytes> {
  const [first] = entries;
  if (first === undefined) return sha256(new Uint8Array());
  if (entries.length === 1) return leafHash(first);
  const k = split(entries.length);
  return nodeHash(await treeHash(entries.slice(0, k)), await treeHash(entries.slice(k)));
}

export async function inclusionProof(index: number, entries: readonly Bytes[]): Promise<Bytes[]> {
  if (entries.length <= 1) return [];
  const k = split(entries.length);
  const [left, right] = [entries.slice(0, k), entries.slice(k)];
  return index < k
    ? [...(await inclusionProof(index, left)), await treeHash(right)]
    : [...(await inclusionProof(index - k, right)), await treeHash(left)];
}

export async function consistencyProof(
  oldSize: number,
  entries: readonly Bytes[],
  isWhole = true,
): Promise<Bytes[]> {
  if (oldSize === entries.length) return isWhole ? [] : [await treeHash(entries)];
  const k = split(entries.length);
  const [left, right] = [entries.slice(0, k), entries.slice(k)];
  return oldSize <= k
    ? [...(await consistencyProof(oldSize, left, isWhole)), await treeHash(right)]
    : [...(await consistencyProof(oldSize - k, right, false)), await treeHash(left)];
}
