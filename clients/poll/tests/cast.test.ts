import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { parseBallotEntry } from '../src/ballot.ts';
import { concat, u8 } from '../src/bytes.ts';
import { PollClient } from '../src/cast.ts';
import { verifyBoard } from '../src/verify.ts';
import { MemoryStorage } from '../src/voter_state.ts';
import { FakeCity } from './fake_city.ts';

const NORTH = [{ question: 'park', options: ['north'] }];
const SOUTH = [
  { question: 'park', options: ['south'] },
  { question: 'names', options: ['c', 'a'] },
];

async function startCity(context: TestContext, issuers: 1 | 2 = 1): Promise<FakeCity> {
  const city = await FakeCity.start(issuers);
  context.after(() => city.stop());
  return city;
}

const clientOf = (city: FakeCity, storage = new MemoryStorage()): PollClient =>
  new PollClient({ baseUrl: city.url, poll: city.poll, storage });

const paths = (city: FakeCity): string[] =>
  city.requests.map(({ method, path }) => `${method} ${path}`);

test('votes, votes again, checks the ballot and recounts the board', async (context) => {
  const city = await startCity(context, 2);
  const client = clientOf(city);
  assert.equal(await client.hasCredential(), false);
  await client.issueCredential('token');
  assert.equal(await client.hasCredential(), true);
  const { ticket } = await client.cast(NORTH);
  const receipt = await client.waitForReceipt({ timeoutSeconds: 10 });
  assert.deepEqual(
    [receipt.ticket, receipt.boardIndex, receipt.counter, receipt.answers], [ticket, 1, 1, NORTH],
  );
  city.time += 60;
  await client.revote(SOUTH);
  const second = await client.waitForReceipt({ timeoutSeconds: 10 });
  assert.deepEqual([second.boardIndex, second.counter, second.answers], [2, 2, SOUTH]);
  assert.deepEqual(await client.checkBallot(), second);
  await city.close();
  const known = { poll: city.poll, boardKey: city.definition.boardKey };
  const report = await verifyBoard(await client.downloadBoard(), known);
  assert.deepEqual(report.faults, []);
  assert.equal(report.voters, 1);
  assert.deepEqual(report.results[0]?.counts, [0, 1, 0]);
});

test('only the request for the credential carries identity', async (context) => {
  const city = await startCity(context);
  const client = clientOf(city);
  await client.issueCredential('token');
  await client.cast(NORTH);
  await client.waitForReceipt({ timeoutSeconds: 10 });
  for (const { path, headers } of city.requests) {
    const isCredential = path === ':issueCredential';
    assert.equal(headers.authorization, isCredential ? 'Bearer token' : undefined, path);
    assert.equal(headers.cookie, undefined);
  }
  const lengths = city.requests.filter(({ path }) => path === '/ballots')
    .map(({ headers }) => headers['content-length']);
  assert.deepEqual(lengths, ['8192']);
});

test('lost answers are asked for again with the same values', async (context) => {
  const city = await startCity(context);
  const storage = new MemoryStorage();
  city.lost = ':issueCredential';
  await assert.rejects(clientOf(city, storage).issueCredential('token'), {
    code: 'unavailable', status: 503, reason: 'UNAVAILABLE',
  });
  const blinded = (await storage.load())?.issuances[0]?.blinded;
  await clientOf(city, storage).issueCredential('token'); // would be 409 with another value
  const state = await storage.load();
  assert.equal(state?.issuances[0]?.blinded, blinded);
  assert.equal(state?.issuances[0]?.inverse, '');
  city.lost = '/ballots';
  await assert.rejects(clientOf(city, storage).cast(NORTH), { code: 'unavailable' });
  const { ticket } = await clientOf(city, storage).cast(NORTH);
  city.lost = ':watch';
  const receipt = await clientOf(city, storage).waitForReceipt({ timeoutSeconds: 10 });
  assert.deepEqual([receipt.ticket, receipt.counter, city.entries.length], [ticket, 1, 2]);
  const before = city.requests.length;
  assert.deepEqual(await clientOf(city, storage).waitForReceipt(), receipt);
  assert.equal(city.requests.length, before);
});

test('one credential for a resident', async (context) => {
  const city = await startCity(context);
  await clientOf(city).issueCredential('token');
  await assert.rejects(clientOf(city).issueCredential('token'), {
    code: 'refused', status: 409, reason: 'CREDENTIAL_ISSUED',
  });
});

test('a refusal has its reason and its fields', async (context) => {
  const city = await startCity(context);
  const storage = new MemoryStorage();
  const client = new PollClient({ baseUrl: city.url, poll: 'another', storage });
  await assert.rejects(client.getPoll(), {
    code: 'refused', status: 404, reason: 'NOT_FOUND',
    violations: [{ field: 'some', description: 'Mend it.' }],
  });
});

test('steps out of order and answers that the poll does not allow are refused', async (context) => {
  const city = await startCity(context);
  const client = clientOf(city);
  await assert.rejects(client.cast(NORTH), { code: 'state' });
  await assert.rejects(client.revote(NORTH), { code: 'state' });
  await assert.rejects(client.waitForReceipt(), { code: 'state' });
  await assert.rejects(client.checkBallot(), { code: 'state' });
  await client.issueCredential('token');
  const bad = [
    [{ question: 'park', options: ['west'] }],
    [{ question: 'park', options: [] }],
    [{ question: 'parks', options: ['north'] }],
    [...NORTH, ...NORTH],
  ];
  for (const answers of bad) await assert.rejects(client.cast(answers), { code: 'answer' });
  await client.cast(NORTH);
  await assert.rejects(client.cast(SOUTH), { code: 'state' });
  assert.equal(paths(city).filter((path) => path === 'POST /ballots').length, 1);
});

test('a ballot that waits is replaced only by other answers', async (context) => {
  const city = await startCity(context);
  const storage = new MemoryStorage();
  const client = clientOf(city, storage);
  await client.issueCredential('token');
  const first = await client.cast(NORTH);
  assert.deepEqual(await client.revote(NORTH), first);
  assert.notDeepEqual(await client.revote(SOUTH), first);
  await client.waitForReceipt({ timeoutSeconds: 10 });
  const counters = city.entries.slice(1).map((entry) => parseBallotEntry(entry).counter);
  assert.deepEqual(counters.sort(), [1, 2]);
});

test('waiting ends after its time or when it is aborted', async (context) => {
  const city = await startCity(context);
  city.hold = true;
  const client = clientOf(city);
  await client.issueCredential('token');
  await client.cast(NORTH);
  await assert.rejects(client.waitForReceipt({ timeoutSeconds: 0.2 }), { code: 'waiting' });
  const abort = new AbortController();
  const waiting = client.waitForReceipt({ signal: abort.signal });
  abort.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  city.hold = false;
  await client.waitForReceipt({ timeoutSeconds: 10 });
});

test('a poll that is not its definition is refused', async (context) => {
  const city = await startCity(context);
  const client = clientOf(city);
  const { definition, json } = await client.getPoll();
  assert.deepEqual(definition, city.definition);
  assert.equal((json as { state: string }).state, 'OPEN');
  const changes: Record<string, (json: Record<string, any>) => void> = {
    titles: (poll) => (poll['titles'].en = 'Another'),
    questions: (poll) => poll['questions'][0].options.reverse(),
    boardKey: (poll) => (poll['boardKey'] = 'AAAA'),
    issuers: (poll) => (poll['issuers'][0].publicKey = 'AAAA'),
    closeTime: (poll) => (poll['closeTime'] = '2036-01-08T00:00:00Z'),
    eligibility: (poll) => delete poll['eligibility'],
  };
  for (const [name, change] of Object.entries(changes)) {
    city.changePoll = change;
    await assert.rejects(client.getPoll(), { code: 'definition', message: new RegExp(name) });
  }
  city.changePoll = () => undefined;
  city.entries[0] = concat(city.entries[0] ?? u8(0), u8(32));
  await assert.rejects(client.getPoll(), { code: 'board' });
  city.changePoll = (poll) => delete poll['definition'];
  await assert.rejects(client.getPoll(), { code: 'state' });
  const known = new PollClient({
    baseUrl: city.url, poll: city.poll, storage: new MemoryStorage(), boardKey: new Uint8Array(32),
  });
  city.changePoll = () => undefined;
  await assert.rejects(known.getPoll(), { code: 'definition' });
});

test('a signature that is not valid is no credential', async (context) => {
  const city = await startCity(context);
  city.spoiltSignature = true;
  const client = clientOf(city);
  await assert.rejects(client.issueCredential('token'), { code: 'credential' });
  assert.equal(await client.hasCredential(), false);
  city.spoiltSignature = false;
  await client.issueCredential('token');
});

test('a board that lost the ballot or went back is noticed', async (context) => {
  const city = await startCity(context);
  const client = clientOf(city);
  await client.issueCredential('token');
  await client.cast(NORTH);
  await client.waitForReceipt({ timeoutSeconds: 10 });
  const sound = city.entries;
  city.time += 60;
  city.entries = sound.slice(0, 1);
  await assert.rejects(client.checkBallot(), { code: 'board', message: /went back/ });
  const forged = concat(sound[1] ?? u8(1), u8(0));
  city.entries = [sound[0] ?? u8(0), forged, forged];
  await assert.rejects(client.checkBallot(), { code: 'board', message: /does not continue/ });
  city.entries = [...sound, forged];
  assert.equal((await client.checkBallot()).head.treeSize, 3);
});

test('a server that cannot be reached is unavailable', async () => {
  const storage = new MemoryStorage();
  const client = new PollClient({ baseUrl: 'http://127.0.0.1:1', poll: 'p', storage });
  await assert.rejects(client.getPoll(), { code: 'unavailable', status: 0 });
});
