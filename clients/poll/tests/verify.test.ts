import assert from 'node:assert/strict';
import test from 'node:test';
import { type Bytes, concat, u8, utf8 } from '../src/bytes.ts';
import { checkContinues } from '../src/head.ts';
import { type Fault, type Known, verifyBoard } from '../src/verify.ts';
import { entriesOf, makeClosingEntry, makeFile, makeHead, readDefinition } from './board.ts';
import { readBoard, readVectors } from './files.ts';
import { consistencyProof } from './merkle_reference.ts';
import { fromHex } from './testdata.ts';

const vectors = readVectors();
const sound = readBoard('board-one-issuer.ndjson');
const { definition } = readDefinition('board-one-issuer.ndjson');
const entries = entriesOf(sound);
const { poll } = definition;

for (const { file, faultCount, resultJson, resultHash } of vectors.boards) {
  test(`${file} has the faults and the result of the vectors`, async () => {
    const report = await verifyBoard(readBoard(file), { poll, boardKey: definition.boardKey });
    assert.equal(report.faultCount, faultCount, JSON.stringify(report.faults));
    assert.equal(report.faults.length, faultCount);
    assert.equal(report.resultJson, resultJson);
    assert.equal(report.resultHash, resultHash);
  });
}

test('an issuer that signed alone and outside its register is named', async () => {
  const { faults } = await verifyBoard(readBoard('board-stuffed.ndjson'));
  const named = faults.map(({ rule, index, issuer }) => ({ rule, index, issuer }));
  assert.deepEqual(named, [
    { rule: 3, index: 2, issuer: 'union' },
    { rule: 5, index: 2, issuer: 'city' },
    { rule: 5, index: undefined, issuer: 'city' },
  ]);
});

async function faultsOf(board: Bytes[], known: Known = {}): Promise<Fault[]> {
  const { faults, faultCount } = await verifyBoard(await makeFile(poll, board), known);
  assert.equal(faults.length, faultCount);
  return faults;
}

const rulesOf = (faults: Fault[]): number[] => faults.map(({ rule }) => rule);

test('a board that was made anew from its entries has no faults', async () => {
  assert.deepEqual(await faultsOf(entries), []);
});

test('rule 1: a removed, added, changed or moved line, another head or board key', async () => {
  const lines = sound.trim().split('\n');
  const line = (i: number): string => lines[i] ?? '';
  const changes: Record<string, string[]> = {
    removed: lines.filter((_, i) => i !== 3),
    added: [...lines.slice(0, 4), line(3), ...lines.slice(4)],
    moved: [...lines.slice(0, 3), line(4), line(3), ...lines.slice(5)],
    signature: [line(0).replace('"signature":"el', '"signature":"fl'), ...lines.slice(1)],
    time: [line(0).replace('1767830460', '1767830461'), ...lines.slice(1)],
    poll: [line(0).replace('"poll":"01', '"poll":"02'), ...lines.slice(1)],
  };
  for (const [name, changed] of Object.entries(changes)) {
    const { faults } = await verifyBoard(changed.join('\n'));
    assert.ok(rulesOf(faults).includes(1), name);
  }
  const otherKey = await faultsOf(entries, { boardKey: new Uint8Array(32) });
  assert.deepEqual([...new Set(rulesOf(otherKey))], [1]);
});

test('rule 2: what is not where it belongs', async () => {
  const [first = u8(0), ...rest] = entries;
  const last = rest.at(-1) ?? u8(2);
  assert.deepEqual(rulesOf(await faultsOf(entries.slice(0, -1))), [2]);
  assert.deepEqual(rulesOf(await faultsOf([...entries, last])), [2]);
  assert.deepEqual(rulesOf(await faultsOf([first, u8(3), ...rest])), [2]);
  assert.deepEqual(rulesOf(await faultsOf([first, first, ...rest])), [2]);
  const badRecord = [...entries.slice(0, -1), concat(u8(2), utf8('{}'))];
  assert.deepEqual(rulesOf(await faultsOf(badRecord)), [2, 2]); // it is wrong, and none is there
  assert.deepEqual(rulesOf(await faultsOf(entries, { poll: 'another' })), [2]);
  const withoutDefinition = await verifyBoard(await makeFile(poll, rest));
  assert.ok(rulesOf(withoutDefinition.faults).includes(2));
  assert.equal(withoutDefinition.resultJson, '');
});

test('rule 3: each forged ballot', async () => {
  for (const { name, entry } of vectors.forgeries) {
    const board = [...entries.slice(0, 2), fromHex(entry), ...entries.slice(2)];
    const faults = (await faultsOf(board)).filter(({ rule }) => rule === 3);
    assert.deepEqual(faults.map(({ index }) => index), [2], name);
  }
  const cut = [...entries.slice(0, 2), entries[1]?.slice(0, -1) ?? u8(1), ...entries.slice(2)];
  assert.deepEqual(rulesOf(await faultsOf(cut)), [3]);
});

test('rule 4: a ballot twice', async () => {
  const faults = await faultsOf([...entries.slice(0, 2), ...entries.slice(1)]);
  assert.deepEqual(faults.map(({ rule, index }) => [rule, index]), [[4, 2]]);
});

test('rule 5: more voters than credentials, a statement of another number', async () => {
  const board = entries.slice(0, -1);
  const few = await faultsOf([...board, await makeClosingEntry(definition, [4])]);
  assert.deepEqual(few.map(({ rule, issuer }) => [rule, issuer]), [[5, 'city']]);
  assert.deepEqual(await faultsOf([...board, await makeClosingEntry(definition, [5])]), []);
  const record = new TextDecoder().decode(await makeClosingEntry(definition, [5]));
  const changed = utf8(record.replace('"issued":5', '"issued":9'));
  assert.deepEqual(rulesOf(await faultsOf([...board, changed])), [5]);
});

test('a file is read from a stream as from text', async () => {
  const bytes = utf8(sound);
  const parts: Bytes[] = [];
  for (let i = 0; i < bytes.length; i += 1000) parts.push(bytes.slice(i, i + 1000));
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const part = parts.shift();
      if (part) controller.enqueue(part);
      else controller.close();
    },
  });
  const report = await verifyBoard(stream);
  assert.deepEqual(report, await verifyBoard(sound));
  assert.deepEqual(report, await verifyBoard(bytes));
});

test('what is no board is refused, with the line', async () => {
  await assert.rejects(verifyBoard(''), { code: 'format', message: 'The file is empty.' });
  await assert.rejects(verifyBoard('{}'), /Line 1: poll is missing/);
  await assert.rejects(verifyBoard(`${sound}{"entry":"!"}\n`), /Line 10: entry must be base64/);
  await assert.rejects(verifyBoard('a'.repeat(5_000_000)), /too long/);
});

test('a mirror notices a board that went back or was changed', async () => {
  const { boardKey } = definition;
  const board = entries.slice(0, 6);
  const seen = await makeHead(poll, board.slice(0, 4), 60);
  const proof = await consistencyProof(4, board);
  await checkContinues(seen, await makeHead(poll, board, 120), proof, boardKey);
  const changed = board.map((entry, i) => (i === 2 ? concat(entry, u8(0)) : entry));
  const fork = await makeHead(poll, changed, 120);
  const forkProof = await consistencyProof(4, changed);
  await assert.rejects(checkContinues(seen, fork, forkProof, boardKey), /does not continue/);
  const shorter = await makeHead(poll, board.slice(0, 3), 120);
  await assert.rejects(checkContinues(seen, shorter, [], boardKey), /went back/);
  const unsigned = { ...(await makeHead(poll, board, 120)), time: 180 };
  await assert.rejects(checkContinues(seen, unsigned, proof, boardKey), /signature is not valid/);
});
