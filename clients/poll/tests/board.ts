// Makes boards with the keys of the vectors.
import { createPrivateKey, sign } from 'node:crypto';
import { CLOSING_ENTRY } from '../src/ballot.ts';
import { parseBoardEntry } from '../src/board_file.ts';
import { base64, type Bytes, concat, u8, utf8 } from '../src/bytes.ts';
import { canonicalJson } from '../src/canonical.ts';
import { issuedStatementBytes } from '../src/closing_record.ts';
import { type Definition, parseDefinition } from '../src/definition.ts';
import { headBytes, type SignedHead } from '../src/head.ts';
import { leafHash, MerkleTree } from '../src/merkle.ts';
import { readBoard, readKey } from './files.ts';

const signEd25519 = (key: string, bytes: Bytes): Bytes =>
  new Uint8Array(sign(null, bytes, createPrivateKey(readKey(key))));

export const entriesOf = (file: string): Bytes[] =>
  file.trim().split('\n').slice(1).map(parseBoardEntry);

export function readDefinition(file: string): { bytes: Bytes; definition: Definition } {
  const bytes = entriesOf(readBoard(file))[0]?.slice(1) ?? new Uint8Array();
  return { bytes, definition: parseDefinition(bytes) };
}

export async function makeHead(
  poll: string,
  entries: readonly Bytes[],
  time: number,
): Promise<SignedHead> {
  const tree = new MerkleTree();
  for (const entry of entries) await tree.append(await leafHash(entry));
  const head = { poll, treeSize: tree.size, time, rootHash: await tree.root(), signature: u8(0) };
  return { ...head, signature: signEd25519('board', headBytes(head)) };
}

export async function makeFile(poll: string, entries: readonly Bytes[]): Promise<string> {
  const { treeSize, time, rootHash, signature } = await makeHead(poll, entries, 1767830460);
  const signedHead = { treeSize, time, rootHash: base64(rootHash), signature: base64(signature) };
  const lines = [{ poll, signedHead }, ...entries.map((entry) => ({ entry: base64(entry) }))];
  return lines.map((line) => `${canonicalJson(line)}\n`).join('');
}

// `issued` has the number of credentials of each issuer.
export async function makeClosingEntry(definition: Definition, issued: number[]): Promise<Bytes> {
  const issuers = definition.issuers.map(async ({ name, publicKey }, i) => {
    const count = issued[i] ?? 0;
    const bytes = await issuedStatementBytes(definition.poll, count, true, publicKey);
    const statement = base64(signEd25519(`statement-${name}`, bytes));
    return { name, issued: count, statement, districts: [] };
  });
  const record = { closeTime: 1767830400, eligible: 100, issuers: await Promise.all(issuers) };
  return concat(u8(CLOSING_ENTRY), utf8(canonicalJson(record)));
}
