// Verification and recount of a whole board (docs/polling-protocol.md, section 6).
import {
  type Ballot, BALLOT_ENTRY, CLOSING_ENTRY, DEFINITION_ENTRY, parseBallotEntry,
} from './ballot.ts';
import { BallotTally } from './ballot_tally.ts';
import { type BoardFile, linesOf, parseBoardEntry, parseBoardHeader } from './board_file.ts';
import { base64, type Bytes, equal, hex, utf8 } from './bytes.ts';
import { BallotChecker } from './check_ballot.ts';
import { type ClosingRecord, parseClosingRecord, verifyIssuedStatement } from './closing_record.ts';
import type { Result } from './counting.ts';
import { sha256 } from './crypto.ts';
import { type Definition, parseDefinition } from './definition.ts';
import { PollError } from './errors.ts';
import { checkHead, type SignedHead } from './head.ts';
import { leafHash, MerkleTree } from './merkle.ts';
import { encodeResult } from './result.ts';

// The rules by their numbers in the protocol.
export type Rule =
  | 1 // the head is signed; its size and root are those of the entries
  | 2 // the definition first, the closing record last, ballots between
  | 3 // each ballot is valid
  | 4 // no voter key and counter appear twice
  | 5; // no issuer signed more voter keys than it states, and none signed alone

export interface Fault {
  rule: Rule;
  index?: number; // the entry on the board
  issuer?: string; // the issuer at fault, by name
  detail: string; // for people, in English
}

export const MAX_FAULTS = 1000;

export interface Report {
  faults: Fault[]; // the first MAX_FAULTS
  faultCount: number; // all
  treeSize: number;
  rootHash: Bytes;
  definition?: Definition; // absent when entry 0 is not a definition, as results and so on
  closingRecord?: ClosingRecord;
  ballots: number; // entries that are ballots
  validBallots: number; // of these, the valid and unique ones
  voters: number; // of these, the ballots that count: one for each voter key
  results: Result[]; // in the definition's order
  resultJson: string; // canonical
  resultHash: string; // its SHA-256 in hexadecimal
}

export interface Known {
  poll?: string; // the id that the verifier expects
  boardKey?: Uint8Array; // from elsewhere; otherwise the definition's
}

// What a PollError of another rule says; other errors are ours and go on.
function messageOf(error: unknown): string {
  if (error instanceof PollError) return error.message;
  throw error;
}

// Entries are added in order and not kept.
export class BoardVerifier {
  private readonly known: Known;
  private readonly tree = new MerkleTree();
  private readonly faults: Fault[] = [];
  private faultCount = 0;
  private checker?: BallotChecker;
  private tally?: BallotTally;
  private closingRecord?: ClosingRecord;
  private readonly unique = new Set<string>(); // voter keys with counters
  private readonly alsoSigned: Map<string, Bytes>[] = []; // by issuer: voter keys of bad ballots
  private ballots = 0;
  private validBallots = 0;

  constructor(known: Known = {}) {
    this.known = known;
  }

  async add(entry: Bytes): Promise<void> {
    const index = this.tree.size;
    await this.tree.append(await leafHash(entry));
    if (this.closingRecord) this.fault(2, 'an entry follows the closing record', { index });
    const kind = entry[0];
    if (index === 0) {
      if (kind === DEFINITION_ENTRY) return this.addDefinition(entry.slice(1));
      this.fault(2, 'the first entry is not a definition', { index });
    } else if (kind === BALLOT_ENTRY) {
      await this.addBallot(index, entry);
    } else if (kind === CLOSING_ENTRY) {
      this.addClosingRecord(index, entry.slice(1));
    } else {
      this.fault(2, 'the entry is neither a ballot nor a closing record', { index });
    }
  }

  async finish(head: SignedHead): Promise<Report> {
    const rootHash = await this.tree.root();
    await this.checkBoardHead(head, rootHash);
    if (!this.closingRecord) this.fault(2, 'the last entry is not a closing record');
    const report: Report = {
      faults: this.faults,
      faultCount: 0,
      treeSize: this.tree.size,
      rootHash,
      ...(this.checker && { definition: this.checker.definition }),
      ...(this.closingRecord && { closingRecord: this.closingRecord }),
      ballots: this.ballots,
      validBallots: this.validBallots,
      voters: this.tally?.voters ?? 0,
      results: this.tally?.count() ?? [],
      resultJson: '',
      resultHash: '',
    };
    if (this.checker && this.tally) {
      const { definition } = this.checker;
      if (this.closingRecord) await this.checkIssuers(definition, this.closingRecord, this.tally);
      const { closingRecord } = this;
      report.resultJson = encodeResult({ ...report, definition, closingRecord });
      report.resultHash = hex(await sha256(utf8(report.resultJson)));
    }
    report.faultCount = this.faultCount;
    return report;
  }

  private fault(rule: Rule, detail: string, where: { index?: number; issuer?: string } = {}): void {
    if (++this.faultCount <= MAX_FAULTS) this.faults.push({ rule, ...where, detail });
  }

  private async addDefinition(json: Bytes): Promise<void> {
    try {
      const definition = parseDefinition(json);
      const checker = await BallotChecker.create(definition);
      const { poll } = this.known;
      if (poll !== undefined && definition.poll !== poll) {
        const detail = `the definition is of the poll "${definition.poll}", not of "${poll}"`;
        this.fault(2, detail, { index: 0 });
      }
      this.checker = checker;
      this.tally = new BallotTally(definition);
      this.alsoSigned.push(...definition.issuers.map(() => new Map<string, Bytes>()));
    } catch (error) {
      this.fault(2, `the definition: ${messageOf(error)}`, { index: 0 });
    }
  }

  private addClosingRecord(index: number, json: Bytes): void {
    if (this.closingRecord) return; // a fault already: something follows a closing record
    try {
      this.closingRecord = parseClosingRecord(json);
    } catch (error) {
      this.fault(2, `the closing record: ${messageOf(error)}`, { index });
    }
  }

  private async addBallot(index: number, entry: Bytes): Promise<void> {
    ++this.ballots;
    let ballot: Ballot;
    try {
      ballot = parseBallotEntry(entry);
    } catch (error) {
      return this.fault(3, messageOf(error), { index });
    }
    if (!this.checker) return;
    const problems = await this.checker.check(ballot);
    for (const { detail, issuer } of problems) {
      this.fault(3, detail, { index, ...(issuer && { issuer }) });
    }
    if (problems.length > 0) return this.nameIssuers(index, ballot, this.checker);
    const key = `${base64(ballot.voterKey)} ${ballot.counter}`;
    if (this.unique.has(key)) {
      const detail = `an earlier ballot has the same voter key and the counter ${ballot.counter}`;
      return this.fault(4, detail, { index });
    }
    this.unique.add(key);
    ++this.validBallots;
    this.tally?.add(ballot);
  }

  // A ballot that one of two issuers signed shows that this issuer helped to stuff the board, or
  // that the box took a ballot which it had to refuse.
  private async nameIssuers(index: number, ballot: Ballot, checker: BallotChecker): Promise<void> {
    const signedBy = await checker.signedBy(ballot);
    const names = checker.definition.issuers.map(({ name }) => name);
    const missing = names.filter((_, i) => !signedBy[i]).join(', ');
    for (const [i, issuer] of names.entries()) {
      if (!signedBy[i]) continue;
      this.alsoSigned[i]?.set(base64(ballot.voterKey), ballot.voterKey);
      if (missing === '') continue;
      const what = `signed this ballot's voter key alone, without ${missing}`;
      this.fault(5, `the issuer ${issuer} ${what}`, { index, issuer });
    }
  }

  private async checkBoardHead(head: SignedHead, rootHash: Bytes): Promise<void> {
    if (head.treeSize !== this.tree.size) {
      this.fault(1, `the head is of ${head.treeSize} entries, the board has ${this.tree.size}`);
    }
    if (!equal(head.rootHash, rootHash)) {
      this.fault(
        1,
        'the entries do not hash to the root of the head: ' +
          'an entry was removed, added, changed or moved',
      );
    }
    const definition = this.checker?.definition;
    const known = this.known.boardKey && new Uint8Array(this.known.boardKey);
    if (definition && known && !equal(definition.boardKey, known)) {
      this.fault(1, 'the definition names another board key than the one given', { index: 0 });
    }
    const boardKey = known ?? definition?.boardKey ?? new Uint8Array();
    try {
      await checkHead(head, definition?.poll ?? head.poll, boardKey);
    } catch (error) {
      this.fault(1, messageOf(error));
    }
  }

  private async checkIssuers(
    definition: Definition,
    record: ClosingRecord,
    tally: BallotTally,
  ): Promise<void> {
    const index = this.tree.size - 1;
    if (record.issuers.length !== definition.issuers.length) {
      return this.fault(5, 'the closing record names not all issuers', { index });
    }
    for (const [i, issuer] of definition.issuers.entries()) {
      const { name } = issuer;
      const closed = record.issuers[i];
      if (closed?.name !== name) {
        const detail = `the closing record has ${closed?.name} in the place of ${name}`;
        this.fault(5, detail, { index, issuer: name });
        continue;
      }
      const { issued, statement } = closed;
      if (!(await verifyIssuedStatement(definition.poll, issued, true, issuer, statement))) {
        this.fault(5, `the statement of the issuer ${name} is not valid`, { index, issuer: name });
      }
      const also = [...(this.alsoSigned[i]?.values() ?? [])].filter((key) => !tally.has(key));
      const voters = tally.voters + also.length;
      if (voters > issued) {
        const detail =
          `the issuer ${name} signed ${voters} voter keys, ` +
          `but states that it issued ${issued} credentials`;
        this.fault(5, detail, { issuer: name });
      }
    }
  }
}

// Verifies and counts a downloaded board. Throws 'format', which names the line, when `file` is not
// a board at all; everything else that is wrong is a fault of the report.
export async function verifyBoard(file: BoardFile, known: Known = {}): Promise<Report> {
  const verifier = new BoardVerifier(known);
  let head: SignedHead | undefined;
  let line = 0;
  for await (const text of linesOf(file)) {
    ++line;
    let entry: Bytes;
    try {
      if (head === undefined) {
        head = parseBoardHeader(text);
        continue;
      }
      entry = parseBoardEntry(text);
    } catch (error) {
      throw new PollError('format', `Line ${line}: ${messageOf(error)}`);
    }
    await verifier.add(entry);
  }
  if (head === undefined) throw new PollError('format', 'The file is empty.');
  return verifier.finish(head);
}
