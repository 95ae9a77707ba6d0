import assert from 'node:assert/strict';
import test from 'node:test';
import { type Bytes, hex, u8 } from '../src/bytes.ts';
import { leafHash, MerkleTree, verifyConsistency, verifyInclusion } from '../src/merkle.ts';
import { consistencyProof, inclusionProof, treeHash } from './merkle_reference.ts';
import './files.ts';

const SIZE = 20;
const entries = Array.from({ length: SIZE }, (_, i) => u8(i));
const flip = (hash: Bytes): Bytes => hash.map((byte, i) => (i === 7 ? byte ^ 1 : byte));
// Proofs that are not `proof`: a hash changed, left out or added.
const spoil = (proof: Bytes[]): Bytes[][] => [
  ...proof.map((_, i) => proof.map((hash, j) => (i === j ? flip(hash) : hash))),
  ...proof.map((_, i) => proof.filter((_, j) => i !== j)),
  [...proof, new Uint8Array(32)],
];

test('the root is that of the definition', async () => {
  const tree = new MerkleTree();
  for (const [size, entry] of entries.entries()) {
    assert.equal(hex(await tree.root()), hex(await treeHash(entries.slice(0, size))));
    await tree.append(await leafHash(entry));
  }
  assert.equal(tree.size, SIZE);
});

test('inclusion proofs hold, changed ones do not', async () => {
  for (let size = 1; size <= SIZE; ++size) {
    const tree = entries.slice(0, size);
    const root = await treeHash(tree);
    for (const [index, entry] of tree.entries()) {
      const [leaf, proof] = [await leafHash(entry), await inclusionProof(index, tree)];
      assert.ok(await verifyInclusion(leaf, index, size, proof, root));
      assert.ok(!(await verifyInclusion(flip(leaf), index, size, proof, root)));
      assert.ok(!(await verifyInclusion(leaf, index, size, proof, flip(root))));
      assert.ok(!(await verifyInclusion(leaf, index + 1, size, proof, root)));
      for (const bad of spoil(proof)) {
        assert.ok(!(await verifyInclusion(leaf, index, size, bad, root)));
      }
    }
  }
  const leaf = await leafHash(u8(0));
  for (const index of [-1, 0.5, Number.NaN, 1]) {
    assert.ok(!(await verifyInclusion(leaf, index, 1, [], leaf)));
  }
});

test('consistency proofs hold, changed ones do not', async () => {
  const roots = await Promise.all(
    Array.from({ length: SIZE + 1 }, (_, size) => treeHash(entries.slice(0, size))),
  );
  const root = (size: number): Bytes => roots[size] ?? new Uint8Array();
  for (let size = 1; size <= SIZE; ++size) {
    for (let old = 1; old <= size; ++old) {
      const proof = await consistencyProof(old, entries.slice(0, size));
      assert.ok(await verifyConsistency(old, root(old), size, root(size), proof));
      assert.ok(!(await verifyConsistency(old, flip(root(old)), size, root(size), proof)));
      assert.ok(!(await verifyConsistency(old, root(old), size, flip(root(size)), proof)));
      for (const bad of spoil(proof)) {
        assert.ok(!(await verifyConsistency(old, root(old), size, root(size), bad)));
      }
    }
  }
  assert.ok(!(await verifyConsistency(0, root(0), 1, root(1), [])));
  assert.ok(!(await verifyConsistency(2, root(2), 1, root(1), [])));
});
