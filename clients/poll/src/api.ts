// The calls of docs/polling-protocol.md over fetch. Everything but the credential is without
// identity: no cookies, no Authorization, no referrer.
import type { Ballot } from './ballot.ts';
import { base64, type Bytes, fromBase64 } from './bytes.ts';
import { parseJson } from './canonical.ts';
import { PollError, type Violation } from './errors.ts';
import type { SignedHead } from './head.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Receipt {
  ticket: string;
  // Absent until the ballot is on the board.
  place?: { boardIndex: number; head: SignedHead; inclusionProof: Bytes[] };
}

const PADDING = 8192;

// A JSON value that is read leniently: answers may have more members than we know, and proto3 JSON
// leaves out members with default values and writes 64-bit integers as strings.
export class Answer {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  at(name: string): Answer {
    const value = this.value;
    const has = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return new Answer(has ? (value as Record<string, unknown>)[name] : undefined);
  }
  text(): string {
    return typeof this.value === 'string' ? this.value : '';
  }
  bytes(): Bytes {
    return fromBase64(this.text()) ?? new Uint8Array();
  }
  integer(): number | undefined {
    const text = typeof this.value === 'number' ? String(this.value) : this.text();
    const number = Number(text);
    return /^\d+$/.test(text) && Number.isSafeInteger(number) ? number : undefined;
  }
  list(): Answer[] {
    return Array.isArray(this.value) ? this.value.map((item) => new Answer(item)) : [];
  }
}

function unexpected(what: string): PollError {
  return new PollError('format', `The server's answer is not as the protocol says: ${what}.`);
}

async function refusal(response: Response): Promise<PollError> {
  const problem = new Answer(await response.json().catch(() => undefined));
  const reason = problem.at('reason').text();
  const violations: Violation[] = problem.at('violations').list().map((item) => ({
    field: item.at('field').text(),
    description: item.at('description').text(),
  }));
  const busy = response.status === 429 || response.status >= 500;
  const detail = problem.at('detail').text();
  const text = [`The server answered ${response.status}`, reason].filter(Boolean).join(' ');
  return new PollError(busy ? 'unavailable' : 'refused', `${text}: ${detail}`, {
    status: response.status, reason, violations,
  });
}

async function readJson(response: Response): Promise<Answer> {
  const text = await response.text().catch((error: unknown) => {
    throw new PollError('unavailable', `The connection broke: ${String(error)}`);
  });
  return new Answer(parseJson(text));
}

function readHead(answer: Answer, poll: string): SignedHead {
  const head = answer.at('signedHead');
  const treeSize = head.at('treeSize').integer();
  const time = Date.parse(head.at('time').text()) / 1000;
  const rootHash = head.at('rootHash').bytes();
  if (treeSize === undefined || !Number.isSafeInteger(time) || rootHash.length !== 32) {
    throw unexpected('it has no signed head');
  }
  return { poll, treeSize, time, rootHash, signature: head.at('signature').bytes() };
}

const readHashes = (answer: Answer): Bytes[] => answer.list().map((hash) => hash.bytes());

function readReceipt(answer: Answer, poll: string): Receipt {
  const ticket = answer.at('ticket').text();
  if (ticket === '') throw unexpected('it has no ticket');
  // A ballot can have its index some time before the head that covers it is signed.
  if (answer.at('signedHead').at('treeSize').integer() === undefined) return { ticket };
  const boardIndex = answer.at('boardIndex').integer();
  if (boardIndex === undefined) throw unexpected('it has a head, but no index');
  const inclusionProof = readHashes(answer.at('inclusionProof'));
  return { ticket, place: { boardIndex, head: readHead(answer, poll), inclusionProof } };
}

// The body of the ballot's request, as long as other ballots' bodies.
export function ballotJson(ballot: Ballot): string {
  const [first, second] = ballot.credentials;
  const json = JSON.stringify({
    answers: ballot.answers,
    salt: base64(ballot.salt),
    voterKey: base64(ballot.voterKey),
    prefix: first && base64(first.prefix),
    signature: first && base64(first.signature),
    secondPrefix: second && base64(second.prefix),
    secondSignature: second && base64(second.signature),
    counter: ballot.counter,
    ballotSignature: base64(ballot.signature),
  });
  // Valid ids are ASCII, so a character is a byte.
  return json.padEnd(Math.ceil(json.length / PADDING) * PADDING, ' ');
}

// The data of the first event of server-sent events; nothing when the stream ends before.
async function firstEvent(stream: ReadableStream<Uint8Array>): Promise<string | undefined> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  try {
    let text = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true });
      const data = /^data:(.*)\n/m.exec(text)?.[1];
      if (data !== undefined) return /^event: error$/m.test(text) ? undefined : data.trim();
    }
    return undefined;
  } catch (error) {
    throw new PollError('unavailable', `The connection broke: ${String(error)}`);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

export class PollApi {
  private readonly base: string;
  private readonly poll: string;
  private readonly fetch: Fetch;

  // `baseUrl` is the gateway's: "https://veche.example". `fetch` must be callable alone.
  constructor(baseUrl: string, poll: string, fetch: Fetch) {
    this.base = `${baseUrl.replace(/\/+$/, '')}/v1/polls/${encodeURIComponent(poll)}`;
    this.poll = poll;
    this.fetch = fetch;
  }

  async getPoll(): Promise<Answer> {
    return this.read('');
  }

  // The blind signature. With credentials other than 'omit', browsers use another connection than
  // for the calls without identity (Fetch standard, "obtain a connection").
  async issueCredential(issuer: string, blinded: string, token: string): Promise<Bytes> {
    const response = await this.send(':issueCredential', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify({ issuer, blindedMessage: blinded }),
      credentials: 'same-origin',
    });
    return (await readJson(response)).at('blindSignature').bytes();
  }

  async cast(ballot: Ballot): Promise<Receipt> {
    const response = await this.send('/ballots', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: ballotJson(ballot),
    });
    return readReceipt(await readJson(response), this.poll);
  }

  async getReceipt(ticket: string): Promise<Receipt> {
    return readReceipt(await this.read(`/ballots/${ticket}`), this.poll);
  }

  // Waits for the receipt; without a place when the stream ends before the ballot is on the board.
  async watchReceipt(ticket: string, signal: AbortSignal): Promise<Receipt> {
    const response = await this.send(`/ballots/${ticket}:watch`, { signal });
    const data = response.body ? await firstEvent(response.body) : undefined;
    if (data === undefined) return { ticket };
    return readReceipt(new Answer(parseJson(data)), this.poll);
  }

  async getHead(): Promise<SignedHead> {
    return readHead(await this.read('/board?pageSize=1'), this.poll);
  }

  async inclusionProof(index: number, treeSize: number): Promise<Bytes[]> {
    const answer = await this.read(`/board:proof?index=${index}&treeSize=${treeSize}`);
    return readHashes(answer.at('hashes'));
  }

  // Between two sizes in any order.
  async consistencyProof(a: number, b: number): Promise<Bytes[]> {
    if (a === b) return [];
    const sizes = `firstSize=${Math.min(a, b)}&secondSize=${Math.max(a, b)}`;
    return readHashes((await this.read(`/board:consistency?${sizes}`)).at('hashes'));
  }

  // The file of a closed poll's board, for verifyBoard.
  async downloadBoard(): Promise<ReadableStream<Uint8Array>> {
    const { body } = await this.send('/board:download', {});
    if (body === null) throw unexpected('it has no body');
    return body;
  }

  private async read(path: string): Promise<Answer> {
    return readJson(await this.send(path, {}));
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await this.fetch(this.base + path, {
        credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store', ...init,
      });
    } catch (error) {
      throw new PollError('unavailable', `The server cannot be reached: ${String(error)}`);
    }
    if (!response.ok) throw await refusal(response);
    return response;
  }
}
