// A ballot and its encoding (docs/polling-protocol.md, sections 2 to 4).
import {
  base64url, type Bytes, ByteReader, concat, equal, latin1, str, textOf, u16, u64, u8, utf8,
} from './bytes.ts';
import { sha256 } from './crypto.ts';
import { MAX_ANSWER_OPTIONS, MAX_ANSWERS, MAX_ISSUERS, PROTOCOL } from './definition.ts';
import { PollError } from './errors.ts';

export interface Answer {
  question: string;
  options: string[]; // of RANKING, the most preferred first
}

export interface Credential {
  prefix: Bytes; // 32 bytes
  signature: Bytes; // 384 bytes
}

export interface Ballot {
  poll: string;
  answers: Answer[];
  salt: Bytes; // 32 bytes
  voterKey: Bytes; // SubjectPublicKeyInfo, 91 bytes
  credentials: Credential[]; // one for each issuer, in the definition's order
  counter: number; // from 1
  signature: Bytes; // 64 bytes: r and s
}

export const SALT_BYTES = 32;
export const PREFIX_BYTES = 32;
export const CREDENTIAL_BYTES = 384;
export const VOTER_KEY_BYTES = 91;
export const BALLOT_SIGNATURE_BYTES = 64;

// The first byte of an entry.
export const DEFINITION_ENTRY = 0;
export const BALLOT_ENTRY = 1;
export const CLOSING_ENTRY = 2;

const BALLOT_MARK = utf8('veche/ballot/v1');

export interface PartProblem {
  part: string; // as the ballot's JSON names it: "voterKey"
  detail: string; // "must have 91 bytes, but has 90"
}

const isIdLength = (id: string): boolean => id.length >= 1 && id.length <= 32;

function answersProblem(answers: readonly Answer[]): string | undefined {
  if (answers.length > MAX_ANSWERS) return `must not answer more than ${MAX_ANSWERS} questions`;
  if (answers.some((answer) => answer.options.length > MAX_ANSWER_OPTIONS)) {
    return `must not name more than ${MAX_ANSWER_OPTIONS} options`;
  }
  const ids = answers.flatMap((answer) => [answer.question, ...answer.options]);
  return ids.every(isIdLength) ? undefined : 'must have ids of 1 to 32 bytes';
}

function lengthProblem(part: string, bytes: Bytes, length: number): PartProblem | undefined {
  if (bytes.length === length) return undefined;
  return { part, detail: `must have ${length} bytes, but has ${bytes.length}` };
}

function credentialsProblem(credentials: readonly Credential[]): PartProblem | undefined {
  if (credentials.length < 1 || credentials.length > MAX_ISSUERS) {
    return { part: 'signature', detail: 'must be given for one or two issuers' };
  }
  for (const [i, { prefix, signature }] of credentials.entries()) {
    const problem =
      lengthProblem(i === 0 ? 'prefix' : 'secondPrefix', prefix, PREFIX_BYTES) ??
      lengthProblem(i === 0 ? 'signature' : 'secondSignature', signature, CREDENTIAL_BYTES);
    if (problem) return problem;
  }
  return undefined;
}

// What a ballot's form lacks, whatever the poll.
export function formProblem(ballot: Ballot): PartProblem | undefined {
  if (!isIdLength(ballot.poll)) return { part: 'poll', detail: 'must be an id of 1 to 32 bytes' };
  const answers = answersProblem(ballot.answers);
  if (answers) return { part: 'answers', detail: answers };
  const problem =
    lengthProblem('salt', ballot.salt, SALT_BYTES) ??
    lengthProblem('voterKey', ballot.voterKey, VOTER_KEY_BYTES) ??
    credentialsProblem(ballot.credentials);
  if (problem) return problem;
  if (ballot.counter < 1 || !Number.isSafeInteger(ballot.counter)) {
    return { part: 'counter', detail: 'must be from 1 to 9007199254740991' };
  }
  return lengthProblem('ballotSignature', ballot.signature, BALLOT_SIGNATURE_BYTES);
}

// What the voter key signs.
export function encodeBody(ballot: Omit<Ballot, 'signature'>): Bytes {
  const id = (text: string) => str(latin1(text));
  return concat(
    BALLOT_MARK,
    id(ballot.poll),
    u16(ballot.answers.length),
    ...ballot.answers.flatMap(({ question, options }) => [
      id(question), u16(options.length), ...options.map(id),
    ]),
    ballot.salt,
    str(ballot.voterKey),
    u8(ballot.credentials.length),
    ...ballot.credentials.flatMap(({ prefix, signature }) => [prefix, str(signature)]),
    u64(ballot.counter),
  );
}

export function encodeBallotEntry(ballot: Ballot): Bytes {
  return concat(u8(BALLOT_ENTRY), encodeBody(ballot), ballot.signature);
}

export function encodeDefinitionEntry(definition: Bytes): Bytes {
  return concat(u8(DEFINITION_ENTRY), definition);
}

// Throws 'format' unless `entry` is a ballot, with no byte left over.
export function parseBallotEntry(entry: Bytes): Ballot {
  const bytes = new ByteReader(entry);
  const times = <T>(count: number, read: () => T): T[] => {
    const items: T[] = [];
    while (items.length < count && bytes.ok) items.push(read());
    return items;
  };
  if (bytes.number(1) !== BALLOT_ENTRY || !equal(bytes.take(BALLOT_MARK.length), BALLOT_MARK)) {
    throw new PollError('format', 'The entry is not a ballot of this version.');
  }
  const ballot: Ballot = {
    poll: textOf(bytes.str()),
    answers: times(bytes.number(2), () => ({
      question: textOf(bytes.str()),
      options: times(bytes.number(2), () => textOf(bytes.str())),
    })),
    salt: bytes.take(SALT_BYTES),
    voterKey: bytes.str(),
    credentials: times(bytes.number(1), () => ({
      prefix: bytes.take(PREFIX_BYTES),
      signature: bytes.str(),
    })),
    counter: bytes.number(8),
    signature: bytes.take(BALLOT_SIGNATURE_BYTES),
  };
  if (!bytes.ok) throw new PollError('format', 'The ballot is cut off.');
  if (!bytes.atEnd) throw new PollError('format', 'The ballot has bytes after its signature.');
  const problem = formProblem(ballot);
  if (problem) throw new PollError('format', `The ballot's ${problem.part} ${problem.detail}.`);
  return ballot;
}

// The last part of "polls/{id}/ballots/{ticket}".
export const ticketOf = (leaf: Bytes): string => base64url(leaf);

// What the issuers sign, after a prefix.
export async function credentialMessage(poll: string, voterKey: Bytes): Promise<Bytes> {
  return concat(utf8(PROTOCOL), latin1(poll), await sha256(voterKey));
}
