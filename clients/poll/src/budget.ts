// Budgets by greedy and by equal shares (docs/polling-counting.md).
import type { AnswerGroup } from './counting.ts';
import type { CountedQuestion } from './question.ts';

export interface FundedOption {
  option: number;
  completion: boolean; // funded by greedy after equal shares
  tied: number[]; // options that could have been in its place
}

export interface BudgetResult {
  funded: FundedOption[]; // in the order of funding
  spent: number;
  raises: number;
}

const PARTS = 1_000_000n; // of a voter's share of one unit of money
const RAISES = 20n; // a raise adds 1/RAISES of the budget
const MAX_RAISES = 100;

const priceOf = (question: CountedQuestion, option: number): number =>
  question.options[option]?.price ?? 0;

// Funds by greedy what fits into what `before` leaves of the budget.
function fundGreedily(
  question: CountedQuestion,
  counts: readonly number[],
  before: BudgetResult,
  completion: boolean,
): BudgetResult {
  const result = { ...before, funded: [...before.funded] };
  const done = new Set(before.funded.map(({ option }) => option));
  const ranked = counts.map((count, option) => {
    return { option, count, price: priceOf(question, option) };
  });
  ranked.sort((a, b) => b.count - a.count || a.price - b.price); // stable
  for (const [i, { option, count, price }] of ranked.entries()) {
    if (done.has(option) || count === 0 || price > question.budget - result.spent) continue;
    const tied = ranked
      .slice(i + 1)
      .filter((other) => other.count === count && other.price === price && !done.has(other.option))
      .map((other) => other.option);
    result.spent += price;
    result.funded.push({ option, completion, tied });
  }
  return result;
}

export function countGreedy(question: CountedQuestion, counts: readonly number[]): BudgetResult {
  return fundGreedily(question, counts, { funded: [], spent: 0, raises: 0 }, false);
}

// Voters with equal answers, who always have equal balances.
interface Purse {
  voters: bigint;
  balance: bigint; // of each
}

// An option that may be funded. Its rate is the fraction rest / payers, for a unit of price; the
// rate is of an earlier round unless `fresh`.
interface Candidate {
  option: number;
  price: bigint;
  supporters: Purse[];
  rest: bigint;
  payers: bigint;
  fresh: boolean;
}

// Below 0, 0 or above 0, as a sort function.
function compareRates(a: Candidate, b: Candidate): number {
  const left = a.rest * b.payers * b.price;
  const right = b.rest * a.payers * a.price;
  return left < right ? -1 : left > right ? 1 : 0;
}

function compare(a: Candidate, b: Candidate): number {
  const rates = compareRates(a, b);
  if (rates !== 0) return rates;
  return a.price === b.price ? a.option - b.option : a.price < b.price ? -1 : 1;
}

const sum = (values: readonly bigint[]): bigint =>
  values.reduce((total, value) => total + value, 0n);
const moneyOf = (purses: readonly Purse[]): bigint =>
  sum(purses.map(({ voters, balance }) => voters * balance));
const votersOf = (purses: readonly Purse[]): bigint => sum(purses.map(({ voters }) => voters));

// Computes the equal payment of the supporters. False if they cannot pay the cost.
function evaluate(candidate: Candidate, cost: bigint): boolean {
  if (moneyOf(candidate.supporters) < cost) return false;
  let rest = cost;
  let payers = votersOf(candidate.supporters);
  for (;;) {
    // Who has less than the payment gives all; the others pay the rest.
    const isPoor = ({ balance }: Purse): boolean => balance * payers < rest;
    const poor = candidate.supporters.filter(isPoor);
    const rich = votersOf(candidate.supporters) - votersOf(poor);
    if (rich === payers) break;
    rest = cost - moneyOf(poor);
    payers = rich;
  }
  Object.assign(candidate, { rest, payers, fresh: true });
  return true;
}

class EqualShares {
  private readonly question: CountedQuestion;
  private readonly groups: readonly AnswerGroup[];
  private readonly voters: bigint;

  constructor(question: CountedQuestion, groups: readonly AnswerGroup[]) {
    this.question = question;
    this.groups = groups;
    this.voters = BigInt(groups.reduce((total, { times }) => total + times, 0));
  }

  run(raises: number): BudgetResult {
    const result: BudgetResult = { funded: [], spent: 0, raises };
    let candidates = this.begin(raises);
    for (;;) {
      candidates = this.affordable(candidates);
      const [first] = candidates;
      if (first === undefined) return result;
      candidates = candidates.slice(1);
      const tied = candidates
        .filter((other) => other.price === first.price && compareRates(other, first) === 0)
        .map(({ option }) => option);
      result.funded.push({ option: first.option, completion: false, tied });
      result.spent += priceOf(this.question, first.option);
      const payment = first.rest / first.payers;
      for (const purse of first.supporters) {
        purse.balance -= purse.balance < payment ? purse.balance : payment;
      }
      for (const candidate of candidates) candidate.fresh = false;
    }
  }

  private begin(raises: number): Candidate[] {
    const balance = BigInt(this.question.budget) * (PARTS / RAISES) * (RAISES + BigInt(raises));
    const supporters = this.question.options.map((): Purse[] => []);
    for (const { options, times } of this.groups) {
      const purse = { voters: BigInt(times), balance };
      for (const option of options) supporters[option]?.push(purse);
    }
    return supporters.flatMap((purses, option) => {
      if (purses.length === 0) return [];
      const price = BigInt(priceOf(this.question, option));
      return [{ option, price, supporters: purses, rest: 0n, payers: 1n, fresh: false }];
    });
  }

  // The candidates, sorted, of which the first and those of its rate are fresh. Money only
  // decreases, so an old rate is a lower bound: only those that could be first are evaluated anew.
  private affordable(candidates: readonly Candidate[]): Candidate[] {
    let sorted = [...candidates].sort(compare);
    for (;;) {
      const [first] = sorted;
      if (first === undefined) return sorted;
      const stale = sorted.find((other) => !other.fresh && compareRates(other, first) === 0);
      if (stale === undefined) return sorted;
      const cost = stale.price * this.voters * PARTS;
      sorted = sorted.filter((other) => other !== stale || evaluate(stale, cost)).sort(compare);
    }
  }
}

export function countEqualShares(
  question: CountedQuestion,
  counts: readonly number[],
  groups: readonly AnswerGroup[],
): BudgetResult {
  const shares = new EqualShares(question, groups);
  const complete = (run: BudgetResult) => fundGreedily(question, counts, run, true);
  let result = shares.run(0);
  while (result.raises < MAX_RAISES && complete(result).spent > result.spent) {
    const next = shares.run(result.raises + 1);
    if (next.spent > question.budget) break;
    result = next;
  }
  return complete(result);
}
