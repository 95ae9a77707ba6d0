// A voter's device: gets the credential, casts the ballot, waits for the receipt and verifies it.
import { type Fetch, PollApi, type Receipt } from './api.ts';
import {
  type Answer, type Ballot, credentialMessage, encodeBallotEntry, encodeBody,
  encodeDefinitionEntry, parseBallotEntry, SALT_BYTES, ticketOf,
} from './ballot.ts';
import { base64, type Bytes, equal, randomBytes } from './bytes.ts';
import { BallotChecker } from './check_ballot.ts';
import { type Definition, parseDefinition } from './definition.ts';
import { PollError } from './errors.ts';
import { checkContinues, checkHead, checkOrder, type SignedHead } from './head.ts';
import { leafHash, verifyInclusion } from './merkle.ts';
import { differences } from './poll_json.ts';
import {
  type CastBallot, createVoterState, definitionEntryOf, loadHead, saveHead, stateBytes,
  type VoterState, type VoterStorage,
} from './voter_state.ts';
import { loadVoterKey, signAsVoter, type VoterKey } from './voter_key.ts';

export interface PollClientOptions {
  baseUrl: string; // the gateway's: "https://veche.example"
  poll: string; // the id: "polls/" is not part of it
  storage: VoterStorage; // one for each poll and voter
  boardKey?: Uint8Array; // when it is known from elsewhere
  fetch?: Fetch;
}

export interface CheckedPoll {
  definition: Definition;
  definitionBytes: Bytes;
  json: unknown; // the server's answer, with what is not fixed: the state and the counts
  head: SignedHead;
}

export interface VerifiedReceipt {
  ticket: string;
  leafHash: Bytes;
  boardIndex: number;
  head: SignedHead;
  answers: Answer[];
  counter: number;
}

export interface WaitOptions {
  timeoutSeconds?: number; // default 900
  signal?: AbortSignal;
}

interface Session {
  state: VoterState;
  checker: BallotChecker;
  key: VoterKey;
}

const MAX_PAUSE_MS = 30_000;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const sameAnswers = (a: readonly Answer[], b: readonly Answer[]): boolean => {
  const plain = (answers: readonly Answer[]) =>
    JSON.stringify(answers.map(({ question, options }) => [question, options]));
  return plain(a) === plain(b);
};

// Each step begins where an earlier one ended, also after the page was closed in between. All
// methods throw PollError. Use one client at a time for a storage, and await each method.
export class PollClient {
  private readonly poll: string;
  private readonly storage: VoterStorage;
  private readonly api: PollApi;
  private readonly knownBoardKey: Bytes | undefined;
  private session: Session | undefined;

  constructor(options: PollClientOptions) {
    this.poll = options.poll;
    this.storage = options.storage;
    this.api = new PollApi(
      options.baseUrl, options.poll, options.fetch ?? ((url, init) => fetch(url, init)),
    );
    this.knownBoardKey = options.boardKey && new Uint8Array(options.boardKey);
  }

  // Gets the poll. Throws 'definition' unless the server shows what the definition fixes, and
  // 'board' unless the board begins with this definition.
  async getPoll(): Promise<CheckedPoll> {
    const answer = await this.api.getPoll();
    const definitionBytes = answer.at('definition').bytes();
    if (definitionBytes.length === 0) throw new PollError('state', 'The poll is not open yet.');
    const definition = this.parse(definitionBytes);
    const names = differences(answer, definition);
    if (names.length > 0) {
      const message = `The server shows another poll than the definition: ${names.join(', ')}.`;
      throw new PollError('definition', message);
    }
    const head = await this.api.getHead();
    await checkHead(head, this.poll, definition.boardKey);
    await this.checkFirstEntry(encodeDefinitionEntry(definitionBytes), head);
    return { definition, definitionBytes, json: answer.value, head };
  }

  // Whether a credential was issued by every issuer, so that cast needs no token.
  async hasCredential(): Promise<boolean> {
    const state = this.session?.state ?? (await this.storage.load());
    return (
      state !== undefined &&
      state.issuances.length > 0 &&
      state.issuances.every(({ signature }) => signature !== '')
    );
  }

  // Gets the signature of each issuer that has not signed yet. `token` is the resident's access
  // token.
  async issueCredential(token: string): Promise<void> {
    const { state, checker, key } = await this.open();
    const { issuers } = checker.definition;
    const { blind, finalize } = await import('./credential.ts');
    const message = await credentialMessage(this.poll, key.publicKey);
    for (const [i, { name }] of issuers.entries()) {
      if (state.issuances[i]) continue;
      const { prefix, blinded, inverse } = await blind(checker.issuingKey(i), message);
      state.issuances[i] = {
        issuer: name,
        prefix: base64(prefix),
        blinded: base64(blinded),
        inverse: base64(inverse),
        signature: '',
      };
    }
    await this.storage.save(state); // an issuer signs one value: it must not get lost
    for (const [i, issuance] of state.issuances.entries()) {
      if (issuance.signature !== '') continue;
      const answer = await this.api.issueCredential(issuance.issuer, issuance.blinded, token);
      const blinding = {
        prefix: stateBytes(issuance.prefix), inverse: stateBytes(issuance.inverse),
      };
      issuance.signature = base64(await finalize(checker.issuingKey(i), message, blinding, answer));
      issuance.inverse = '';
      await this.storage.save(state);
    }
  }

  // Casts a ballot with these answers, once: the same answers again send the same ballot. Throws
  // 'state' when a ballot with other answers was cast: revote replaces it.
  async cast(answers: readonly Answer[]): Promise<{ ticket: string }> {
    const session = await this.open();
    const last = session.state.ballots.at(-1);
    if (last === undefined) return this.send(session, await this.append(session, answers));
    if (!sameAnswers(parseBallotEntry(stateBytes(last.entry)).answers, answers)) {
      throw new PollError('state', 'A ballot with other answers was cast already.');
    }
    return this.send(session, last);
  }

  // Casts a ballot that replaces the last one. Without a new ballot when the last one has the same
  // answers and waits for the board.
  async revote(answers: readonly Answer[]): Promise<{ ticket: string }> {
    const session = await this.open();
    const last = session.state.ballots.at(-1);
    if (last === undefined) throw new PollError('state', 'No ballot was cast.');
    const same = sameAnswers(parseBallotEntry(stateBytes(last.entry)).answers, answers);
    const isWaiting = same && last.boardIndex === 0;
    return this.send(session, isWaiting ? last : await this.append(session, answers));
  }

  // Waits until the last ballot is on the board, and verifies the receipt. Throws 'waiting' after
  // the time, and 'board' when the receipt or the board is not sound.
  async waitForReceipt(options: WaitOptions = {}): Promise<VerifiedReceipt> {
    const { timeoutSeconds = 900, signal } = options;
    const session = await this.open();
    const last = this.lastBallot(session);
    if (last.boardIndex !== 0) return this.receiptOf(session);
    const ticket = ticketOf(await leafHash(stateBytes(last.entry)));
    const end = new AbortController();
    const stop = (): void => end.abort();
    const timer = setTimeout(stop, timeoutSeconds * 1000);
    signal?.addEventListener('abort', stop);
    try {
      for (let ms = 500; ; ms = Math.min(ms * 2, MAX_PAUSE_MS)) {
        signal?.throwIfAborted();
        const receipt = await this.nextReceipt(ticket, end.signal);
        if (receipt.place) return await this.accept(session, receipt.place);
        if (end.signal.aborted) break;
        await pause(ms, end.signal);
      }
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
    signal?.throwIfAborted();
    throw new PollError('waiting', `The ballot waits for its batch under the ticket ${ticket}.`);
  }

  // Verifies that the last ballot is on the board as it is now, and that the board continues the
  // one that was seen before.
  async checkBallot(): Promise<VerifiedReceipt> {
    const session = await this.open();
    const { boardIndex, entry } = this.lastBallot(session);
    if (boardIndex === 0) {
      throw new PollError('state', 'The last ballot has no receipt yet.');
    }
    const head = await this.api.getHead();
    await this.checkSeenBoard(session, head);
    const proof = await this.api.inclusionProof(boardIndex, head.treeSize);
    const leaf = await leafHash(stateBytes(entry));
    if (!(await verifyInclusion(leaf, boardIndex, head.treeSize, proof, head.rootHash))) {
      throw new PollError('board', 'The ballot is not on the board any more.');
    }
    session.state.head = saveHead(head);
    await this.storage.save(session.state);
    return this.receiptOf(session);
  }

  // The file of a closed poll's board, for verifyBoard.
  downloadBoard(): Promise<ReadableStream<Uint8Array>> {
    return this.api.downloadBoard();
  }

  private parse(definitionBytes: Bytes): Definition {
    let definition: Definition;
    try {
      definition = parseDefinition(definitionBytes);
    } catch (error) {
      if (!(error instanceof PollError)) throw error;
      throw new PollError('definition', `The poll's definition: ${error.message}`);
    }
    if (definition.poll !== this.poll) {
      const message = `The definition is of the poll "${definition.poll}", not of "${this.poll}".`;
      throw new PollError('definition', message);
    }
    if (this.knownBoardKey && !equal(this.knownBoardKey, definition.boardKey)) {
      const message = 'The definition names another board key than the one that is known.';
      throw new PollError('definition', message);
    }
    return definition;
  }

  private async open(): Promise<Session> {
    if (this.session) return this.session;
    const saved = await this.storage.load();
    const state = saved ?? (await createVoterState((await this.getPoll()).definitionBytes));
    const checker = await BallotChecker.create(this.parse(stateBytes(state.definition)));
    const key = await loadVoterKey(stateBytes(state.voterKey));
    this.session = { state, checker, key };
    return this.session;
  }

  private lastBallot({ state }: Session): CastBallot {
    const last = state.ballots.at(-1);
    if (last === undefined) throw new PollError('state', 'No ballot was cast.');
    return last;
  }

  // Makes a ballot and saves it.
  private async append(session: Session, answers: readonly Answer[]): Promise<CastBallot> {
    const { state, checker, key } = session;
    const problem = checker.answersProblem([...answers]);
    if (problem) throw new PollError('answer', `The ballot: ${problem.detail}.`);
    if (!(await this.hasCredential())) {
      throw new PollError('state', 'The credential was not issued yet.');
    }
    const last = state.ballots.at(-1);
    const body: Omit<Ballot, 'signature'> = {
      poll: this.poll,
      answers: [...answers],
      salt: randomBytes(SALT_BYTES),
      voterKey: key.publicKey,
      credentials: state.issuances.map(({ prefix, signature }) => ({
        prefix: stateBytes(prefix), signature: stateBytes(signature),
      })),
      counter: last ? parseBallotEntry(stateBytes(last.entry)).counter + 1 : 1,
    };
    const ballot = { ...body, signature: await signAsVoter(key, encodeBody(body)) };
    const [fault] = await checker.check(ballot);
    if (fault) throw new PollError('state', `The saved state is damaged: ${fault.detail}.`);
    const cast = { entry: base64(encodeBallotEntry(ballot)), boardIndex: 0 };
    state.ballots.push(cast);
    await this.storage.save(state);
    return cast;
  }

  private async send(session: Session, cast: CastBallot): Promise<{ ticket: string }> {
    const entry = stateBytes(cast.entry);
    const ticket = ticketOf(await leafHash(entry));
    if (cast.boardIndex !== 0) return { ticket };
    const receipt = await this.api.cast(parseBallotEntry(entry));
    if (receipt.ticket !== ticket) {
      throw new PollError('board', 'The server gave a ticket of another ballot.');
    }
    if (receipt.place) await this.accept(session, receipt.place);
    return { ticket };
  }

  private async nextReceipt(ticket: string, signal: AbortSignal): Promise<Receipt> {
    try {
      const receipt = await this.api.getReceipt(ticket);
      return receipt.place ? receipt : await this.api.watchReceipt(ticket, signal);
    } catch (error) {
      if (error instanceof PollError && error.code === 'unavailable') return { ticket };
      throw error;
    }
  }

  private async accept(
    session: Session,
    { boardIndex, head, inclusionProof }: NonNullable<Receipt['place']>,
  ): Promise<VerifiedReceipt> {
    const cast = this.lastBallot(session);
    await this.checkSeenBoard(session, head);
    const leaf = await leafHash(stateBytes(cast.entry));
    const { treeSize, rootHash } = head;
    if (!(await verifyInclusion(leaf, boardIndex, treeSize, inclusionProof, rootHash))) {
      throw new PollError('board', 'The receipt does not prove that the ballot is on the board.');
    }
    await this.checkFirstEntry(definitionEntryOf(session.state), head);
    cast.boardIndex = boardIndex;
    session.state.head = saveHead(head);
    await this.storage.save(session.state);
    return this.receiptOf(session);
  }

  // The head must be signed, and its board must continue the one that was seen before.
  private async checkSeenBoard({ state, checker }: Session, head: SignedHead): Promise<void> {
    const { boardKey } = checker.definition;
    await checkHead(head, this.poll, boardKey);
    if (state.head === null) return;
    const seen = loadHead(state.head);
    checkOrder(seen, head);
    const proof = await this.api.consistencyProof(seen.treeSize, head.treeSize);
    await checkContinues(seen, head, proof, boardKey);
  }

  private async checkFirstEntry(entry: Bytes, { treeSize, rootHash }: SignedHead): Promise<void> {
    const proof = await this.api.inclusionProof(0, treeSize);
    if (await verifyInclusion(await leafHash(entry), 0, treeSize, proof, rootHash)) return;
    throw new PollError('board', 'The board does not begin with the definition of the poll.');
  }

  private async receiptOf(session: Session): Promise<VerifiedReceipt> {
    const { entry, boardIndex } = this.lastBallot(session);
    const { answers, counter } = parseBallotEntry(stateBytes(entry));
    const leaf = await leafHash(stateBytes(entry));
    const { head } = session.state;
    if (head === null) throw new PollError('state', 'The saved state is damaged.');
    return {
      ticket: ticketOf(leaf), leafHash: leaf, boardIndex, head: loadHead(head), answers, counter,
    };
  }
}
