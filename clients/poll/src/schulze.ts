// Schulze's method with winning votes (docs/polling-counting.md).
import type { AnswerGroup } from './counting.ts';

export interface SchulzeResult {
  preferences: number[][]; // [a][b]: how many answers prefer a to b
  strengths: number[][]; // [a][b]: of the strongest path
  order: number[][];
}

const cell = (matrix: readonly number[][], a: number, b: number): number => matrix[a]?.[b] ?? 0;

function makeMatrix(size: number, value: (a: number, b: number) => number): number[][] {
  const indexes = Array.from({ length: size }, (_, i) => i);
  return indexes.map((a) => indexes.map((b) => value(a, b)));
}

function countPreferences(size: number, groups: readonly AnswerGroup[]): number[][] {
  const preferences = makeMatrix(size, () => 0);
  for (const { options, times } of groups) {
    const below = new Set(preferences.keys());
    for (const option of options) {
      below.delete(option);
      const row = preferences[option] ?? [];
      for (const other of below) row[other] = (row[other] ?? 0) + times;
    }
  }
  return preferences;
}

// Floyd and Warshall.
function strongestPaths(preferences: readonly number[][]): number[][] {
  const strengths = makeMatrix(preferences.length, (a, b) => {
    const wins = cell(preferences, a, b) > cell(preferences, b, a);
    return wins ? cell(preferences, a, b) : 0;
  });
  for (const [through, onward] of strengths.entries()) {
    for (const [a, row] of strengths.entries()) {
      for (const [b, direct] of row.entries()) {
        if (a !== b) row[b] = Math.max(direct, Math.min(row[through] ?? 0, onward[b] ?? 0));
      }
    }
  }
  return strengths;
}

// Each group: the options that no remaining option beats.
function orderBy(strengths: readonly number[][]): number[][] {
  const order: number[][] = [];
  let remaining = [...strengths.keys()];
  while (remaining.length > 0) {
    const isBeaten = (option: number): boolean =>
      remaining.some((other) => cell(strengths, other, option) > cell(strengths, option, other));
    const beaten = remaining.filter(isBeaten);
    order.push(remaining.filter((option) => !beaten.includes(option)));
    remaining = beaten;
  }
  return order;
}

export function countSchulze(options: number, groups: readonly AnswerGroup[]): SchulzeResult {
  const preferences = countPreferences(options, groups);
  const strengths = strongestPaths(preferences);
  return { preferences, strengths, order: orderBy(strengths) };
}
