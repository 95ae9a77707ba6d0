// A city that runs one poll, over HTTP, with the keys of the vectors. It batches ballots when they
// are watched, and can lose answers.
import { constants, createPrivateKey, privateDecrypt } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeBallotEntry, encodeDefinitionEntry, ticketOf } from '../src/ballot.ts';
import { base64, type Bytes, equal, fromBase64 } from '../src/bytes.ts';
import { BallotChecker } from '../src/check_ballot.ts';
import type { Definition } from '../src/definition.ts';
import { leafHash } from '../src/merkle.ts';
import { makeClosingEntry, makeFile, makeHead, readDefinition } from './board.ts';
import { readKey } from './files.ts';
import { consistencyProof, inclusionProof } from './merkle_reference.ts';

class Problem extends Error {
  readonly status: number;
  readonly reason: string;
  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
    this.reason = reason;
  }
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
const bytesOf = (text: unknown): Bytes => fromBase64(String(text ?? '')) ?? new Uint8Array();

// The poll as proto3 JSON: without members that have default values.
function pollJson(definition: Definition, bytes: Bytes): Record<string, unknown> {
  const { poll, openTime, closeTime, issuers, boardKey, ...rest } = definition;
  const json = {
    ...rest,
    name: `polls/${poll}`,
    openTime: iso(openTime),
    closeTime: iso(closeTime),
    issuers: issuers.map(({ name, publicKey, statementKey }) => ({
      name, publicKey: base64(publicKey), statementKey: base64(statementKey),
    })),
    boardKey: base64(boardKey),
    definition: base64(bytes),
    state: 'OPEN',
    issuedCount: '5',
  };
  const isDefault = (value: unknown) => value === 0 || value === '' || value === false;
  return JSON.parse(JSON.stringify(json, (_, value) => (isDefault(value) ? undefined : value)));
}

export class FakeCity {
  readonly definition: Definition;
  readonly requests: { method: string; path: string; headers: IncomingMessage['headers'] }[] = [];
  entries: Bytes[];
  time = 1767225660;
  hold = false; // no ballot gets on the board
  lost = ''; // the next answer to a path with this end is lost, after its work was done
  spoiltSignature = false;
  changePoll: (json: Record<string, any>) => void = () => undefined;
  private readonly definitionBytes: Bytes;
  private checker!: BallotChecker;
  private batch: Bytes[] = [];
  private readonly issued = new Map<string, string>();
  private readonly server: Server;

  private constructor(board: string) {
    const { bytes, definition } = readDefinition(board);
    this.definitionBytes = bytes;
    this.definition = definition;
    this.entries = [encodeDefinitionEntry(bytes)];
    this.server = createServer((request, response) => void this.handle(request, response));
  }

  static async start(issuers: 1 | 2 = 1): Promise<FakeCity> {
    const city = new FakeCity(`board-${issuers === 1 ? 'one-issuer' : 'two-issuers'}.ndjson`);
    city.checker = await BallotChecker.create(city.definition);
    await new Promise<void>((resolve) => city.server.listen(0, '127.0.0.1', resolve));
    return city;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  get poll(): string {
    return this.definition.poll;
  }

  async close(): Promise<void> {
    this.entries.push(...this.batch.splice(0));
    const issued = this.definition.issuers.map(
      ({ name }) => [...this.issued.keys()].filter((key) => key.startsWith(`${name} `)).length,
    );
    this.entries.push(await makeClosingEntry(this.definition, issued));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const send = (status: number, type: string, text: string) =>
      response.writeHead(status, { 'Content-Type': type }).end(text);
    try {
      const path = (request.url ?? '').replace(`/v1/polls/${this.poll}`, '');
      this.requests.push({ method: request.method ?? '', path, headers: request.headers });
      const { status, type, text } = await this.route(request, path, body);
      if (this.lost !== '' && path.endsWith(this.lost)) {
        this.lost = '';
        throw new Problem(503, 'UNAVAILABLE');
      }
      send(status, type, text);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const { status, reason } = error;
      const violations = [{ field: 'some', description: 'Mend it.' }];
      const problem = JSON.stringify({ status, reason, detail: 'No.', violations });
      send(status, 'application/problem+json', problem);
    }
  }

  private async route(request: IncomingMessage, path: string, body: string) {
    const json = (value: unknown, status = 200) => ({
      status, type: 'application/json', text: JSON.stringify(value),
    });
    const query = new URL(path, this.url).searchParams;
    const number = (name: string): number => Number(query.get(name));
    if (path !== ':issueCredential') this.checkAnonymous(request);
    if (path === '') {
      const poll = pollJson(this.definition, this.definitionBytes);
      this.changePoll(poll);
      return json(poll);
    }
    if (path === ':issueCredential') return json(this.issue(request, JSON.parse(body)));
    if (path === '/ballots') return json(await this.cast(body), 202);
    if (path.startsWith('/board?')) return json({ signedHead: await this.headJson() });
    if (path.startsWith('/board:proof?')) {
      const tree = this.entries.slice(0, number('treeSize'));
      return json({ hashes: (await inclusionProof(number('index'), tree)).map(base64) });
    }
    if (path.startsWith('/board:consistency?')) {
      const tree = this.entries.slice(0, number('secondSize'));
      return json({ hashes: (await consistencyProof(number('firstSize'), tree)).map(base64) });
    }
    if (path === '/board:download') {
      const text = await makeFile(this.poll, this.entries);
      return { status: 200, type: 'application/x-ndjson', text };
    }
    const ballot = /^\/ballots\/([\w-]{43})(:watch)?$/.exec(path);
    if (!ballot?.[1]) throw new Problem(404, 'NOT_FOUND');
    if (!ballot[2]) return json(await this.receipt(ballot[1]));
    if (!this.hold) this.entries.push(...this.batch.splice(0).reverse());
    const event = JSON.stringify(await this.receipt(ballot[1]));
    const text = `retry: 1000\n\n${this.hold ? '' : `id: x\ndata: ${event}\n\n`}`;
    return { status: 200, type: 'text/event-stream', text };
  }

  private checkAnonymous({ headers }: IncomingMessage): void {
    if (headers.authorization || headers.cookie || headers.referer) {
      throw new Problem(400, 'IDENTITY_NOT_WANTED');
    }
  }

  private issue(request: IncomingMessage, body: Record<string, string>) {
    const token = request.headers.authorization ?? '';
    if (!token.startsWith('Bearer ')) throw new Problem(401, 'TOKEN_MISSING');
    const { issuer = '', blindedMessage = '' } = body;
    const of = `${issuer} ${token}`;
    const before = this.issued.get(of) ?? blindedMessage;
    this.issued.set(of, before);
    if (before !== blindedMessage) throw new Problem(409, 'CREDENTIAL_ISSUED');
    const key = createPrivateKey(readKey(`issuing-${issuer}`));
    const blinded = bytesOf(blindedMessage);
    const signature = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, blinded);
    if (this.spoiltSignature) signature[100] = 255 - (signature[100] ?? 0);
    return { blindSignature: base64(signature) };
  }

  private async cast(body: string) {
    if (body.length % 8192 !== 0) throw new Problem(400, 'LENGTH');
    const json = JSON.parse(body);
    const ballot = {
      poll: this.poll,
      answers: json.answers,
      salt: bytesOf(json.salt),
      voterKey: bytesOf(json.voterKey),
      credentials: [
        { prefix: bytesOf(json.prefix), signature: bytesOf(json.signature) },
        ...(json.secondPrefix
          ? [{ prefix: bytesOf(json.secondPrefix), signature: bytesOf(json.secondSignature) }]
          : []),
      ],
      counter: json.counter,
      signature: bytesOf(json.ballotSignature),
    };
    const [problem] = await this.checker.check(ballot);
    if (problem) throw new Problem(400, problem.detail);
    const entry = encodeBallotEntry(ballot);
    const known = [...this.entries, ...this.batch].some((other) => equal(other, entry));
    if (!known) this.batch.push(entry);
    return this.receipt(ticketOf(await leafHash(entry)));
  }

  private async receipt(ticket: string) {
    for (const [index, entry] of this.entries.entries()) {
      if (ticketOf(await leafHash(entry)) !== ticket) continue;
      return {
        ticket,
        boardIndex: String(index),
        signedHead: await this.headJson(),
        inclusionProof: (await inclusionProof(index, this.entries)).map(base64),
      };
    }
    return { ticket };
  }

  private async headJson() {
    const head = await makeHead(this.poll, this.entries, this.time);
    return {
      treeSize: String(head.treeSize),
      rootHash: base64(head.rootHash),
      time: iso(head.time),
      signature: base64(head.signature),
    };
  }
}
