// The Merkle tree of RFC 9162, section 2.1: hashes, and verification of its proofs.
import { type Bytes, concat, equal, u8 } from './bytes.ts';
import { sha256 } from './crypto.ts';

export const leafHash = (entry: Bytes): Promise<Bytes> => sha256(concat(u8(0), entry));

export const nodeHash = (left: Bytes, right: Bytes): Promise<Bytes> =>
  sha256(concat(u8(1), left, right));

// The root of the leaves that were added, with the memory of a few hashes.
export class MerkleTree {
  size = 0;
  private readonly frontier: { leaves: number; hash: Bytes }[] = []; // perfect trees, largest first

  async append(leaf: Bytes): Promise<void> {
    let tree = { leaves: 1, hash: leaf };
    let left = this.frontier.at(-1);
    while (left?.leaves === tree.leaves) {
      tree = { leaves: tree.leaves * 2, hash: await nodeHash(left.hash, tree.hash) };
      this.frontier.pop();
      left = this.frontier.at(-1);
    }
    this.frontier.push(tree);
    ++this.size;
  }

  async root(): Promise<Bytes> {
    const [first, ...rest] = [...this.frontier].reverse();
    if (first === undefined) return sha256(new Uint8Array());
    let { hash } = first;
    for (const tree of rest) hash = await nodeHash(tree.hash, hash);
    return hash;
  }
}

// A node's place in its level and the last node's, on the way up. Sizes can be above 2^32, so there
// are no bit operations.
class Place {
  at: number;
  last: number;

  constructor(at: number, last: number) {
    this.at = at;
    this.last = last;
  }

  get isRight(): boolean {
    return this.at % 2 === 1;
  }
  up(): void {
    this.at = Math.floor(this.at / 2);
    this.last = Math.floor(this.last / 2);
  }
}

const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

// RFC 9162, section 2.1.3.2. Takes any input, from a liar too.
export async function verifyInclusion(
  leaf: Bytes,
  index: number,
  size: number,
  proof: readonly Bytes[],
  root: Bytes,
): Promise<boolean> {
  if (!isSize(index) || !isSize(size) || index >= size) return false;
  const place = new Place(index, size - 1);
  let hash = leaf;
  for (const node of proof) {
    if (place.last === 0) return false;
    if (place.isRight || place.at === place.last) {
      hash = await nodeHash(node, hash);
      while (!place.isRight && place.at !== 0) place.up();
    } else {
      hash = await nodeHash(hash, node);
    }
    place.up();
  }
  return place.last === 0 && equal(hash, root);
}

// RFC 9162, section 2.1.4.2: whether the tree of `size` begins with that of `oldSize`, at least 1.
export async function verifyConsistency(
  oldSize: number,
  oldRoot: Bytes,
  size: number,
  root: Bytes,
  proof: readonly Bytes[],
): Promise<boolean> {
  if (!isSize(oldSize) || !isSize(size) || oldSize < 1 || oldSize > size) return false;
  if (oldSize === size) return proof.length === 0 && equal(oldRoot, root);
  const place = new Place(oldSize - 1, size - 1);
  while (place.isRight) place.up();
  // At 0, the old tree is perfect: its root is the first node, and the proof leaves it out.
  const [first, ...rest] = place.at === 0 ? [oldRoot, ...proof] : proof;
  if (first === undefined) return false;
  let [oldHash, hash] = [first, first];
  for (const node of rest) {
    if (place.last === 0) return false;
    if (place.isRight || place.at === place.last) {
      oldHash = await nodeHash(node, oldHash);
      hash = await nodeHash(node, hash);
      while (!place.isRight && place.at !== 0) place.up();
    } else {
      hash = await nodeHash(hash, node);
    }
    place.up();
  }
  return place.last === 0 && equal(oldHash, oldRoot) && equal(hash, root);
}
