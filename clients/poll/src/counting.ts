// Counting of a question's answers, exactly as docs/polling-counting.md says.
import { type BudgetResult, countEqualShares, countGreedy } from './budget.ts';
import type { CountedQuestion } from './question.ts';
import { countSchulze, type SchulzeResult } from './schulze.ts';

// Equal answers, together.
export interface AnswerGroup {
  options: number[]; // indexes; in the voter's order only for RANKING
  times: number;
}

export interface RatingResult {
  sum: number;
  meanHundredths: number;
  medianDoubled: number;
}

export interface Result {
  answered: number;
  skipped: number;
  counts: number[]; // by option, in the question's order
  order: number[][]; // groups of options, the best first; empty for mean_rating
  rating?: RatingResult;
  schulze?: SchulzeResult;
  budget?: BudgetResult;
}

// Gathers answers in any order. Answers are indexes of options that checkAnswer allows.
export class Tally {
  private readonly question: CountedQuestion;
  private readonly groups = new Map<string, AnswerGroup>();
  private skipped = 0;

  constructor(question: CountedQuestion) {
    this.question = question;
  }

  add(answer: readonly number[], times = 1): void {
    if (answer.length === 0) {
      this.skipped += times;
      return;
    }
    const options = [...answer];
    if (this.question.type !== 'RANKING') options.sort((a, b) => a - b);
    const key = options.join();
    const group = this.groups.get(key);
    if (group) group.times += times;
    else this.groups.set(key, { options, times });
  }

  count(): Result {
    const groups = [...this.groups.values()];
    const counts = countOptions(this.question, groups);
    const result: Result = {
      answered: groups.reduce((sum, group) => sum + group.times, 0),
      skipped: this.skipped,
      counts,
      order: [],
    };
    const { method } = this.question;
    if (method === 'mean_rating') {
      result.rating = rate(this.question, counts);
    } else if (method === 'schulze') {
      result.schulze = countSchulze(counts.length, groups);
      result.order = result.schulze.order;
    } else {
      result.order = orderByCount(counts);
      if (method === 'greedy') result.budget = countGreedy(this.question, counts);
      if (method === 'equal_shares') {
        result.budget = countEqualShares(this.question, counts, groups);
      }
    }
    return result;
  }
}

function countOptions(question: CountedQuestion, groups: readonly AnswerGroup[]): number[] {
  const counts = question.options.map(() => 0);
  for (const { options, times } of groups) {
    for (const option of options) counts[option] = (counts[option] ?? 0) + times;
  }
  return counts;
}

function orderByCount(counts: readonly number[]): number[][] {
  const levels = [...new Set(counts)].sort((a, b) => b - a);
  return levels.map((level) => [...counts.keys()].filter((option) => counts[option] === level));
}

function rate(question: CountedQuestion, counts: readonly number[]): RatingResult {
  const values = question.options
    .map((option, i) => ({ value: Number(option.id), count: counts[i] ?? 0 }))
    .sort((a, b) => a.value - b.value);
  const n = counts.reduce((sum, count) => sum + count, 0);
  if (n === 0) return { sum: 0, meanHundredths: 0, medianDoubled: 0 };
  const sum = values.reduce((total, { value, count }) => total + value * count, 0);
  const at = (place: number): number => {
    let passed = 0;
    return values.find(({ count }) => (passed += count) > place)?.value ?? 0;
  };
  return {
    sum,
    meanHundredths: Math.floor((200 * sum + n) / (2 * n)),
    medianDoubled: at(Math.floor((n - 1) / 2)) + at(Math.floor(n / 2)),
  };
}
