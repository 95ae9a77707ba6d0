// Of each voter key, the ballot with the highest counter counts.
import type { Ballot } from './ballot.ts';
import { base64, type Bytes } from './bytes.ts';
import { type Result, Tally } from './counting.ts';
import type { Definition } from './definition.ts';
import { indexesOf } from './question.ts';

// Counts valid ballots, in any order.
export class BallotTally {
  private readonly definition: Definition;
  private readonly votes = new Map<string, Pick<Ballot, 'counter' | 'answers'>>();

  constructor(definition: Definition) {
    this.definition = definition;
  }

  get voters(): number {
    return this.votes.size;
  }

  has(voterKey: Bytes): boolean {
    return this.votes.has(base64(voterKey));
  }

  add({ voterKey, counter, answers }: Ballot): void {
    const voter = base64(voterKey);
    const vote = this.votes.get(voter);
    if (vote === undefined || vote.counter < counter) this.votes.set(voter, { counter, answers });
  }

  // One result for each question, in the definition's order.
  count(): Result[] {
    return this.definition.questions.map((question) => {
      const tally = new Tally(question);
      for (const { answers } of this.votes.values()) {
        const answer = answers.find((item) => item.question === question.id);
        tally.add(indexesOf(question, answer?.options ?? []));
      }
      return tally.count();
    });
  }
}
