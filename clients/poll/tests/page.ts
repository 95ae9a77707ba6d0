// What the test in Chromium runs: the vectors of RFC 9474, the boards of the protocol, and a new
// credential. It posts what does not agree.
import { PollClient } from '../src/cast.ts';
import { verifyBoard } from '../src/verify.ts';
import { MemoryStorage } from '../src/voter_state.ts';
import { rfc9474Faults } from './rfc9474.ts';
import { FILES, PROTOCOL_FOLDER, type ProtocolVectors } from './testdata.ts';

const read = async (path: string): Promise<Response> => fetch(`/${path}`);

async function boardFaults(): Promise<string[]> {
  const { boards } = (await (await read(FILES.protocol)).json()) as ProtocolVectors;
  const faults: string[] = [];
  for (const { file, faultCount, resultHash } of boards) {
    const { body } = await read(`${PROTOCOL_FOLDER}/${file}`);
    const report = await verifyBoard(body ?? '');
    if (report.faultCount !== faultCount) faults.push(`${file}: ${report.faultCount} faults`);
    if (report.resultHash !== resultHash) faults.push(`${file}: ${report.resultHash}`);
  }
  return boards.length > 0 ? faults : ['no board'];
}

// Votes in the city that the test runs beside the page.
async function voteFaults(poll: string): Promise<string[]> {
  const client = new PollClient({ baseUrl: location.origin, poll, storage: new MemoryStorage() });
  await client.issueCredential('token');
  await client.cast([{ question: 'park', options: ['north'] }]);
  const { boardIndex } = await client.waitForReceipt({ timeoutSeconds: 10 });
  return boardIndex === 1 ? [] : [`the ballot has the index ${boardIndex}`];
}

async function run(): Promise<string[]> {
  const poll = new URLSearchParams(location.search).get('poll') ?? '';
  return [
    ...(await rfc9474Faults(await (await read(FILES.rfc9474)).json())),
    ...(await boardFaults()),
    ...(await voteFaults(poll)),
  ];
}

const faults = await run().catch((error: unknown) => [String(error)]);
await fetch('/faults', { method: 'POST', body: JSON.stringify(faults) });
