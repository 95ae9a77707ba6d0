// The definition of a poll: entry 0 of its board (docs/polling-protocol.md, section 1).
import type { Bytes } from './bytes.ts';
import { type Json, parseCanonical } from './canonical.ts';
import { Fields, type Texts } from './fields.ts';

export const PROTOCOL = 'veche/poll/v1';
export const MAX_ANSWERS = 20;
export const MAX_ANSWER_OPTIONS = 100;
export const MAX_ISSUERS = 2;

export interface Option {
  id: string;
  texts: Texts;
  price: number;
  picture: string; // "" or the SHA-256 of an image in lower-case hexadecimal
}

export interface Question {
  id: string;
  type: string; // "SINGLE", "MULTIPLE", "RATING", "RANKING" or "BUDGET"
  method: string; // of docs/polling-counting.md
  texts: Texts;
  min: number;
  max: number;
  budget: number;
  shuffled: boolean;
  options: Option[];
}

export interface Issuer {
  name: string;
  publicKey: Bytes; // RSA-3072, SubjectPublicKeyInfo
  statementKey: Bytes; // Ed25519
}

export interface Definition {
  poll: string; // the id: "polls/" is not part of it
  titles: Texts;
  descriptions: Texts;
  questions: Question[];
  districts: string[];
  eligibility: { minAge: number; verified: boolean };
  openTime: number; // Unix seconds, as closeTime
  closeTime: number;
  resultsHidden: boolean;
  batch: { ballots: number; seconds: number };
  issuers: Issuer[]; // one or two
  boardKey: Bytes; // Ed25519
}

function readOption(value: Json, path: string, used: Set<string>): Option {
  const fields = new Fields(value, path, ['id', 'texts', 'price', 'picture']);
  const picture = fields.text('picture');
  if (!/^([0-9a-f]{64})?$/.test(picture)) {
    fields.fail('picture', 'must be a SHA-256 in hexadecimal');
  }
  return {
    id: fields.id('id', used),
    texts: fields.texts('texts'),
    price: fields.integer('price'),
    picture,
  };
}

function readQuestion(value: Json, path: string, used: Set<string>): Question {
  const fields = new Fields(value, path, [
    'id', 'type', 'method', 'texts', 'min', 'max', 'budget', 'shuffled', 'options',
  ]);
  const optionIds = new Set<string>();
  const options = fields.list('options', (item, at) => readOption(item, at, optionIds));
  if (options.length < 1 || options.length > MAX_ANSWER_OPTIONS) {
    fields.fail('options', `must have 1 to ${MAX_ANSWER_OPTIONS} items`);
  }
  return {
    id: fields.id('id', used),
    type: fields.text('type'),
    method: fields.text('method'),
    texts: fields.texts('texts'),
    min: fields.integer('min'),
    max: fields.integer('max'),
    budget: fields.integer('budget'),
    shuffled: fields.boolean('shuffled'),
    options,
  };
}

function readIssuer(value: Json, path: string, used: Set<string>): Issuer {
  const fields = new Fields(value, path, ['name', 'publicKey', 'statementKey']);
  return {
    name: fields.id('name', used),
    publicKey: fields.bytes('publicKey'),
    statementKey: fields.bytes('statementKey', 32),
  };
}

function readEligibility(value: Json): Definition['eligibility'] {
  const fields = new Fields(value, 'eligibility', ['minAge', 'verified']);
  return { minAge: fields.integer('minAge'), verified: fields.boolean('verified') };
}

function readBatch(value: Json): Definition['batch'] {
  const fields = new Fields(value, 'batch', ['ballots', 'seconds']);
  return { ballots: fields.integer('ballots'), seconds: fields.integer('seconds') };
}

// Throws 'format', with the path of the member ("questions[0].options[1].price"). Checks neither
// that keys can be read nor that questions can be counted: createBallotChecker does.
export function parseDefinition(json: Bytes): Definition {
  const root = new Fields(parseCanonical(json), '', [
    'protocol', 'poll', 'titles', 'descriptions', 'questions', 'districts', 'eligibility',
    'openTime', 'closeTime', 'resultsHidden', 'batch', 'issuers', 'boardKey',
  ]);
  if (root.text('protocol') !== PROTOCOL) root.fail('protocol', `must be "${PROTOCOL}"`);
  const questionIds = new Set<string>();
  const questions = root.list('questions', (item, path) => readQuestion(item, path, questionIds));
  if (questions.length < 1 || questions.length > MAX_ANSWERS) {
    root.fail('questions', `must have 1 to ${MAX_ANSWERS} items`);
  }
  const names = new Set<string>();
  const issuers = root.list('issuers', (item, path) => readIssuer(item, path, names));
  if (issuers.length < 1 || issuers.length > MAX_ISSUERS) {
    root.fail('issuers', 'must have one or two items');
  }
  return {
    poll: root.id('poll', new Set()),
    titles: root.texts('titles'),
    descriptions: root.texts('descriptions'),
    questions,
    districts: root.strings('districts'),
    eligibility: readEligibility(root.value('eligibility')),
    openTime: root.integer('openTime'),
    closeTime: root.integer('closeTime'),
    resultsHidden: root.boolean('resultsHidden'),
    batch: readBatch(root.value('batch')),
    issuers,
    boardKey: root.bytes('boardKey', 32),
  };
}
