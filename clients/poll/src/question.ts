// Which questions can be counted and which answers they allow (docs/polling-counting.md).
import type { Question } from './definition.ts';

export const MAX_OPTIONS = 100;
const MAX_MONEY = 1_000_000_000_000;

const TYPE_OF_METHOD = new Map([
  ['plurality', 'SINGLE'],
  ['approval', 'MULTIPLE'],
  ['mean_rating', 'RATING'],
  ['schulze', 'RANKING'],
  ['greedy', 'BUDGET'],
  ['equal_shares', 'BUDGET'],
]);

export type QuestionError =
  | 'method' | 'too_few_options' | 'too_many_options' | 'option_id' | 'limits' | 'price' | 'budget';
export type AnswerError =
  | 'empty' | 'unknown_option' | 'duplicate_option' | 'too_few' | 'too_many' | 'over_budget';

// What counting needs of a question.
export interface CountedQuestion {
  type: string;
  method: string;
  min: number;
  max: number; // 0: all
  budget: number;
  options: { id: string; price: number }[];
}

const hasLimits = ({ type }: CountedQuestion): boolean => type !== 'SINGLE' && type !== 'RATING';

function mostOf(question: CountedQuestion): number {
  if (!hasLimits(question)) return 1;
  return question.max === 0 ? question.options.length : question.max;
}

const isMoney = (amount: number): boolean => amount >= 1 && amount <= MAX_MONEY;

function idsAreValid({ type, options }: CountedQuestion): boolean {
  const ids = options.map((option) => option.id);
  return (
    new Set(ids).size === ids.length &&
    ids.every((id) => (type === 'RATING' ? /^([1-9]|10)$/.test(id) : id !== ''))
  );
}

export function checkQuestion(question: CountedQuestion): QuestionError | undefined {
  const { type, method, min, max, options } = question;
  if (TYPE_OF_METHOD.get(method) !== type) return 'method';
  if (options.length < (type === 'BUDGET' ? 1 : 2)) return 'too_few_options';
  if (options.length > MAX_OPTIONS) return 'too_many_options';
  if (!idsAreValid(question)) return 'option_id';
  const most = mostOf(question);
  if (hasLimits(question) && (min < 1 || max < 0 || most < min || most > options.length)) {
    return 'limits';
  }
  if (type !== 'BUDGET') return undefined;
  if (!options.every((option) => isMoney(option.price))) return 'price';
  return isMoney(question.budget) ? undefined : 'budget';
}

// The indexes of an answer's options; -1 for an unknown one.
export function indexesOf(
  question: Pick<Question, 'options'> | CountedQuestion,
  options: readonly string[],
): number[] {
  return options.map((id) => question.options.findIndex((option) => option.id === id));
}

export function checkAnswer(
  question: CountedQuestion,
  answer: readonly number[],
): AnswerError | undefined {
  if (answer.length === 0) return 'empty';
  const options = answer.map((index) => question.options[index]);
  if (options.includes(undefined)) return 'unknown_option';
  if (new Set(answer).size !== answer.length) return 'duplicate_option';
  if (hasLimits(question) && answer.length < question.min) return 'too_few';
  if (answer.length > mostOf(question)) return 'too_many';
  const spent = options.reduce((sum, option) => sum + (option?.price ?? 0), 0);
  return question.type === 'BUDGET' && spent > question.budget ? 'over_budget' : undefined;
}
