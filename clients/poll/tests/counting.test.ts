import assert from 'node:assert/strict';
import test from 'node:test';
import { type Result, Tally } from '../src/counting.ts';
import { checkAnswer, checkQuestion, type CountedQuestion, indexesOf } from '../src/question.ts';
import { readText } from './files.ts';
import { FILES } from './testdata.ts';

interface QuestionJson {
  type: string;
  method: string;
  min?: number;
  max?: number;
  budget?: number;
  options: { id: string; price?: number }[];
}
interface Vectors {
  cases: {
    name: string;
    question: QuestionJson;
    ballots: { count: number; options: string[] }[];
    expected: object;
  }[];
  answers: { question: QuestionJson; answer: string[]; error: string }[];
  questions: { question: QuestionJson; error: string }[];
}

const vectors = JSON.parse(readText(FILES.counting)) as Vectors;

const readQuestion = (json: QuestionJson): CountedQuestion => ({
  type: json.type,
  method: json.method,
  min: json.min ?? 1,
  max: json.max ?? 0,
  budget: json.budget ?? 0,
  options: json.options.map(({ id, price = 0 }) => ({ id, price })),
});

// The result in the vectors' form.
function describe(question: CountedQuestion, result: Result): object {
  const id = (option: number): string => question.options[option]?.id ?? '?';
  const { answered, skipped, counts, order, rating, schulze, budget } = result;
  return {
    answered, skipped, counts, order: order.map((group) => group.map(id)),
    ...(rating && {
      rating: {
        sum: rating.sum,
        mean_hundredths: rating.meanHundredths,
        median_doubled: rating.medianDoubled,
      },
    }),
    ...(schulze && {
      schulze: { preferences: schulze.preferences, strengths: schulze.strengths },
    }),
    ...(budget && {
      budget: {
        funded: budget.funded.map(({ option, completion, tied }) => ({
          option: id(option), completion, tied: tied.map(id),
        })),
        spent: budget.spent,
        raises: budget.raises,
      },
    }),
  };
}

for (const { name, question: json, ballots, expected } of vectors.cases) {
  test(`counts: ${name}`, () => {
    const question = readQuestion(json);
    assert.equal(checkQuestion(question), undefined);
    const tally = new Tally(question);
    for (const { count, options } of ballots) tally.add(indexesOf(question, options), count);
    assert.deepEqual(describe(question, tally.count()), expected);
  });
}

test('answers are allowed or refused as the vectors say', () => {
  assert.ok(vectors.answers.length > 10);
  for (const { question: json, answer, error } of vectors.answers) {
    const question = readQuestion(json);
    const found = checkAnswer(question, indexesOf(question, answer)) ?? '';
    assert.equal(found, error, JSON.stringify({ json, answer }));
  }
});

test('questions are allowed or refused as the vectors say', () => {
  assert.ok(vectors.questions.length > 10);
  for (const { question, error } of vectors.questions) {
    assert.equal(checkQuestion(readQuestion(question)) ?? '', error, JSON.stringify(question));
  }
});

test('the order of ballots does not change a result', () => {
  for (const { question: json, ballots } of vectors.cases) {
    const question = readQuestion(json);
    const [forward, backward] = [new Tally(question), new Tally(question)];
    for (const { count, options } of ballots) forward.add(indexesOf(question, options), count);
    for (const { count, options } of [...ballots].reverse()) {
      for (let i = 0; i < Math.min(count, 50); ++i) backward.add(indexesOf(question, options));
      if (count > 50) backward.add(indexesOf(question, options), count - 50);
    }
    assert.deepEqual(backward.count(), forward.count());
  }
});
