import assert from 'node:assert/strict';
import test from 'node:test';
import {
  type Ballot, credentialMessage, encodeBallotEntry, encodeBody, parseBallotEntry, ticketOf,
} from '../src/ballot.ts';
import { base64, concat, fromBase64, hex, latin1, u64, u8, utf8 } from '../src/bytes.ts';
import { canonicalJson, parseCanonical } from '../src/canonical.ts';
import { BallotChecker } from '../src/check_ballot.ts';
import { issuedStatementBytes, parseClosingRecord } from '../src/closing_record.ts';
import { type Definition, parseDefinition } from '../src/definition.ts';
import { headBytes } from '../src/head.ts';
import { leafHash } from '../src/merkle.ts';
import { readVectors } from './files.ts';
import { fromHex } from './testdata.ts';

const vectors = readVectors();
const definition = parseDefinition(utf8(vectors.definition.json));

function readBallot(vector: (typeof vectors.ballots)[number]): Ballot {
  return {
    poll: definition.poll,
    answers: vector.answers,
    salt: fromHex(vector.salt),
    voterKey: fromHex(vector.voterKey),
    credentials: vector.credentials.map(({ prefix, signature }) => ({
      prefix: fromHex(prefix), signature: fromHex(signature),
    })),
    counter: vector.counter,
    signature: fromHex(vector.ballotSignature),
  };
}

test('ballots are encoded and read as the vectors say', async () => {
  assert.ok(vectors.ballots.length >= 5);
  for (const vector of vectors.ballots) {
    const ballot = readBallot(vector);
    const entry = encodeBallotEntry(ballot);
    const leaf = await leafHash(entry);
    assert.equal(hex(encodeBody(ballot)), vector.body);
    assert.equal(hex(entry), vector.entry);
    assert.equal(hex(leaf), vector.leafHash);
    assert.equal(ticketOf(leaf), vector.ticket);
    assert.equal(hex(await credentialMessage(ballot.poll, ballot.voterKey)), vector.message);
    assert.deepEqual(parseBallotEntry(entry), ballot);
  }
});

test('the vectors’ ballots are valid, the forgeries have the fault that is named', async () => {
  const checker = await BallotChecker.create(definition);
  for (const vector of vectors.ballots) {
    assert.deepEqual(await checker.check(readBallot(vector)), []);
  }
  assert.ok(vectors.forgeries.length >= 13);
  for (const { name, fault, entry } of vectors.forgeries) {
    const problems = await checker.check(parseBallotEntry(fromHex(entry)));
    assert.deepEqual(problems.map((problem) => problem.fault), [fault], name);
  }
});

test('a ballot with a part too long, too short or left over does not parse', () => {
  const entry = fromHex(vectors.ballots[0]?.entry ?? '');
  for (let length = 0; length < entry.length; ++length) {
    assert.throws(() => parseBallotEntry(entry.slice(0, length)), { code: 'format' });
  }
  assert.throws(() => parseBallotEntry(concat(entry, u8(0))), /bytes after its signature/);
  const ballot = parseBallotEntry(entry);
  const bad: Partial<Ballot>[] = [
    { poll: '' },
    { voterKey: ballot.voterKey.slice(1) },
    { counter: 0 },
    { counter: 2 ** 53 },
    { credentials: [] },
    { answers: [{ question: 'q', options: [''] }] },
    { answers: [{ question: 'q'.repeat(33), options: [] }] },
  ];
  for (const part of bad) {
    const forged = encodeBallotEntry({ ...ballot, ...part });
    assert.throws(() => parseBallotEntry(forged), { code: 'format' }, JSON.stringify(part));
  }
});

test('definition, closing record, statement and head have the bytes of the vectors', async () => {
  const definitionEntry = concat(u8(0), utf8(vectors.definition.json));
  assert.equal(hex(await leafHash(definitionEntry)), vectors.definition.leafHash);
  const recordEntry = concat(u8(2), utf8(vectors.closingRecord.json));
  assert.equal(hex(await leafHash(recordEntry)), vectors.closingRecord.leafHash);
  const record = parseClosingRecord(utf8(vectors.closingRecord.json));
  const key = definition.issuers[0]?.publicKey ?? new Uint8Array();
  const statement = await issuedStatementBytes(
    definition.poll, record.issuers[0]?.issued ?? 0, true, key,
  );
  assert.equal(hex(statement), vectors.statementBytes);
  const { treeSize, time, rootHash, signature } = vectors.head;
  const hashes = { rootHash: fromHex(rootHash), signature: fromHex(signature) };
  const head = { poll: definition.poll, treeSize, time, ...hashes };
  assert.equal(hex(headBytes(head)), vectors.head.bytes);
});

test('a definition with a fault is refused with the path of the member', async () => {
  const original = JSON.parse(vectors.definition.json);
  const refuse = (change: (json: typeof original) => void, message: RegExp): void => {
    const json = structuredClone(original);
    change(json);
    assert.throws(() => parseDefinition(utf8(canonicalJson(json))), message);
  };
  refuse((json) => (json.extra = 1), /^PollError: extra is not a member/);
  refuse((json) => delete json.questions[1].max, /questions\[1\]\.max is missing/);
  refuse((json) => (json.protocol = 'veche/poll/v2'), /protocol must be/);
  refuse((json) => (json.questions[0].id = json.questions[1].id), /\[1\]\.id appears more/);
  refuse((json) => (json.questions[0].options[0].id = 'A'), /\.options\[0\]\.id must/);
  refuse((json) => (json.issuers = []), /issuers must have one or two/);
  refuse((json) => (json.boardKey = 'AAAA'), /boardKey must have 32 bytes/);
  refuse((json) => (json.openTime = -1), /openTime must be an integer/);
  refuse((json) => (json.titles = { 'en us': '' }), /titles must have texts by language tag/);
  assert.throws(() => parseDefinition(utf8(`${vectors.definition.json} `)), /not canonical/);
  assert.throws(() => parseDefinition(Uint8Array.of(0xff)), /not UTF-8/);
  const reject = async (change: (changed: Definition) => void, message: RegExp): Promise<void> => {
    const changed = structuredClone(definition);
    change(changed);
    await assert.rejects(BallotChecker.create(changed), message);
  };
  await reject((changed) => changed.issuers[0]?.publicKey.set([0x31]), /issuers\[0\]\.publicKey/);
  await reject((changed) => changed.questions[0]?.options.splice(1), /: too_few_options/);
});

test('canonical JSON is that of RFC 8785', () => {
  const value = { 'b\u20ac': [1, true, null], a: 'é"\\\n\u0001\u007f€😀', '😀': {}, '\ufb33': 0 };
  assert.equal(
    canonicalJson(value),
    '{"a":"é\\"\\\\\\n\\u0001\u007f€😀","b€":[1,true,null],"😀":{},"\ufb33":0}',
  );
  assert.throws(() => canonicalJson(1.5), { code: 'format' });
  assert.throws(() => canonicalJson(2 ** 53), { code: 'format' });
  assert.throws(() => canonicalJson('\ud800'), { code: 'format' });
  const others = ['{"b":1,"a":2}', '{"a":1,"a":1}', '{"a":1.0}', '[1, 2]', '"\\u00e9"', '-0'];
  for (const text of others) {
    assert.throws(() => parseCanonical(utf8(text)), { code: 'format' }, text);
  }
});

test('bytes are written and read', () => {
  assert.equal(hex(u64(2 ** 53 - 1)), '001fffffffffffff');
  assert.equal(base64(Uint8Array.of(0xfb, 0xff)), '+/8=');
  assert.deepEqual(fromBase64('+/8='), Uint8Array.of(0xfb, 0xff));
  for (const text of ['+/8', '-_8=', '+/9=', '+/8= ', '!']) {
    assert.equal(fromBase64(text), undefined);
  }
  assert.throws(() => latin1('€'), { code: 'format' });
});
