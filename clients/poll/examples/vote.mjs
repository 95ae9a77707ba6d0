// Votes from Node: the worked example of README.md, and what end-to-end tests call. It prints JSON
// lines: the receipt, or with --recount the report. The same command again goes on where it was.
//   node vote.mjs --url URL --poll ID --token TOKEN --answer q1=o2,o3 [--answer q2=o1] [--revote]
//   node vote.mjs --url URL --poll ID --check | --recount
// --state FILE is where the voter key is kept (default: poll-ID.json); --wait SECONDS how long to
// wait for the receipt (default 900); --board-key BASE64 the board key when it is known.
import { webcrypto } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fromBase64, hex, PollClient, PollError, verifyBoard } from '../dist/poll.js';

globalThis.crypto ??= webcrypto; // Node 18

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    poll: { type: 'string' },
    token: { type: 'string' },
    answer: { type: 'string', multiple: true, default: [] },
    revote: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    recount: { type: 'boolean', default: false },
    state: { type: 'string' },
    wait: { type: 'string', default: '900' },
    'board-key': { type: 'string' },
  },
});

class FileStorage {
  constructor(file) {
    this.file = file;
  }
  async load() {
    try {
      return JSON.parse(await readFile(this.file, 'utf8'));
    } catch (error) {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    }
  }
  async save(state) {
    const file = await open(`${this.file}.new`, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(state));
      await file.sync(); // the next request depends on it
    } finally {
      await file.close();
    }
    await rename(`${this.file}.new`, this.file);
  }
}

function readAnswer(text) {
  const [question, options = ''] = text.split('=');
  return { question, options: options.split(',').filter(Boolean) };
}

const print = (value) => console.log(JSON.stringify(value));
const printReceipt = ({ ticket, leafHash, boardIndex, head, answers, counter }) =>
  print({
    ticket, leafHash: hex(leafHash), boardIndex, answers, counter,
    treeSize: head.treeSize, rootHash: hex(head.rootHash),
  });

async function run() {
  const { url, poll, token, state } = values;
  if (!poll) throw new PollError('state', '--poll is needed.');
  const boardKey = values['board-key'] && fromBase64(values['board-key']);
  const storage = new FileStorage(state ?? `poll-${poll}.json`);
  const client = new PollClient({ baseUrl: url, poll, storage, ...(boardKey && { boardKey }) });

  if (values.recount) {
    const known = { poll, ...(boardKey && { boardKey }) };
    const report = await verifyBoard(await client.downloadBoard(), known);
    const { faultCount, faults, voters, resultHash, resultJson } = report;
    const result = JSON.parse(resultJson || 'null');
    print({ faultCount, faults, voters, resultHash, result });
    return faultCount === 0 ? 0 : 1;
  }
  if (values.check) {
    printReceipt(await client.checkBallot());
    return 0;
  }
  if (!(await client.hasCredential())) {
    if (!token) throw new PollError('state', '--token is needed to get the credential.');
    await client.issueCredential(token);
  }
  const answers = values.answer.map(readAnswer);
  if (values.revote) await client.revote(answers);
  else await client.cast(answers);
  printReceipt(await client.waitForReceipt({ timeoutSeconds: Number(values.wait) }));
  return 0;
}

try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof PollError)) throw error;
  const { code, status, reason, message } = error;
  console.error(JSON.stringify({ code, status, reason, message }));
  process.exitCode = 2;
}
