// Rule 3 of docs/polling-protocol.md, section 6: whether a ballot is valid in its poll.
import { type Ballot, credentialMessage, encodeBody, formProblem } from './ballot.ts';
import { importEd25519 } from './crypto.ts';
import type { Definition, Question } from './definition.ts';
import { PollError } from './errors.ts';
import { importIssuingKey, verifyCredential } from './issuing_key.ts';
import { checkAnswer, checkQuestion, indexesOf } from './question.ts';
import { importVoterKey, verifyVoterSignature } from './voter_key.ts';

export type BallotFault =
  | 'form' // a part has a wrong length, or the counter is out of range
  | 'poll' // the ballot is for another poll
  | 'issuer count' // not one credential for each issuer
  | 'answer' // a question does not allow this answer, or is not in the poll
  | 'voter key' // not a P-256 public key
  | 'credential' // the signature of `issuer` is not valid
  | 'ballot signature'; // not by the voter key over this ballot

export interface BallotProblem {
  fault: BallotFault;
  part: string; // as the ballot's JSON names it; of 'answer' the id of the question
  issuer: string; // of 'credential': the issuer's name
  detail: string; // for people, in English
}

export class BallotChecker {
  readonly definition: Definition;
  private readonly keys: readonly CryptoKey[];
  private readonly questions: ReadonlyMap<string, Question>;

  private constructor(definition: Definition, keys: readonly CryptoKey[]) {
    this.definition = definition;
    this.keys = keys;
    this.questions = new Map(definition.questions.map((question) => [question.id, question]));
  }

  // Throws 'format' when a key of `definition` cannot be read or a question cannot be counted.
  static async create(definition: Definition): Promise<BallotChecker> {
    const fail = (problem: string): never => {
      throw new PollError('format', problem);
    };
    const keys: CryptoKey[] = [];
    for (const [i, issuer] of definition.issuers.entries()) {
      const key = await importIssuingKey(issuer.publicKey);
      keys.push(key ?? fail(`issuers[${i}].publicKey is not an RSA-3072 public key.`));
      if (!(await importEd25519(issuer.statementKey))) {
        fail(`issuers[${i}].statementKey is not an Ed25519 public key.`);
      }
    }
    if (!(await importEd25519(definition.boardKey))) {
      fail('boardKey is not an Ed25519 public key.');
    }
    for (const [i, question] of definition.questions.entries()) {
      const error = checkQuestion(question);
      if (error) fail(`questions[${i}] cannot be counted: ${error}.`);
    }
    return new BallotChecker(definition, keys);
  }

  issuingKey(issuer: number): CryptoKey {
    const key = this.keys[issuer];
    if (key === undefined) throw new PollError('state', `The poll has no issuer ${issuer}.`);
    return key;
  }

  // Empty when the ballot is valid. Signatures are checked only when everything else is right, all
  // of them.
  async check(ballot: Ballot): Promise<BallotProblem[]> {
    const early = this.formProblem(ballot) ?? this.answersProblem(ballot.answers);
    if (early) return [early];
    const voterKey = await importVoterKey(ballot.voterKey);
    if (voterKey === undefined) {
      const detail =
        'voterKey must be the SubjectPublicKeyInfo of a P-256 key with an uncompressed point';
      return [{ fault: 'voter key', part: 'voterKey', issuer: '', detail }];
    }
    const problems = await this.credentialProblems(ballot);
    if (!(await verifyVoterSignature(voterKey, encodeBody(ballot), ballot.signature))) {
      const detail = 'the voter key did not sign this ballot';
      problems.push({ fault: 'ballot signature', part: 'ballotSignature', issuer: '', detail });
    }
    return problems;
  }

  // For each issuer, whether any credential of the ballot is valid under this issuer's key: tells
  // who signed a ballot that is not valid.
  async signedBy(ballot: Ballot): Promise<boolean[]> {
    const message = await credentialMessage(ballot.poll, ballot.voterKey);
    return Promise.all(
      this.keys.map(async (key) => {
        const valid = ballot.credentials.map((item) => verifyCredential(key, message, item));
        return (await Promise.all(valid)).includes(true);
      }),
    );
  }

  // What is wrong with the answers, before there is a ballot.
  answersProblem(answers: Ballot['answers']): BallotProblem | undefined {
    const answered = new Set<string>();
    for (const { question: id, options } of answers) {
      const problem = (detail: string): BallotProblem => ({
        fault: 'answer', part: id, issuer: '', detail: `question ${id}: ${detail}`,
      });
      const question = this.questions.get(id);
      if (question === undefined) return problem('is not in this poll');
      if (answered.has(id)) return problem('is answered more than once');
      answered.add(id);
      const error = checkAnswer(question, indexesOf(question, options));
      if (error) return problem(error);
    }
    return undefined;
  }

  private formProblem(ballot: Ballot): BallotProblem | undefined {
    const form = formProblem(ballot);
    if (form) {
      return { fault: 'form', part: form.part, issuer: '', detail: `${form.part} ${form.detail}` };
    }
    if (ballot.poll !== this.definition.poll) {
      const detail = `the ballot is for the poll "${ballot.poll}"`;
      return { fault: 'poll', part: 'poll', issuer: '', detail };
    }
    const [has, needs] = [ballot.credentials.length, this.keys.length];
    if (has === needs) return undefined;
    const detail = `the ballot has ${has} signatures of issuers instead of ${needs}`;
    return { fault: 'issuer count', part: 'secondSignature', issuer: '', detail };
  }

  private async credentialProblems(ballot: Ballot): Promise<BallotProblem[]> {
    const message = await credentialMessage(ballot.poll, ballot.voterKey);
    const problems: BallotProblem[] = [];
    for (const [i, credential] of ballot.credentials.entries()) {
      if (await verifyCredential(this.issuingKey(i), message, credential)) continue;
      const issuer = this.definition.issuers[i]?.name ?? '';
      problems.push({
        fault: 'credential',
        part: i === 0 ? 'signature' : 'secondSignature',
        issuer,
        detail:
          `the signature of the issuer ${issuer} is not valid for this prefix, ` +
          'poll and voter key',
      });
    }
    return problems;
  }
}
