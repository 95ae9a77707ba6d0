// The published result as canonical JSON (docs/polling-protocol.md, section 7).
import { base64, type Bytes } from './bytes.ts';
import { canonicalJson, type JsonObject } from './canonical.ts';
import type { ClosingRecord } from './closing_record.ts';
import type { Result } from './counting.ts';
import type { Definition, Question } from './definition.ts';

export interface CountedBoard {
  definition: Definition;
  closingRecord: ClosingRecord | undefined;
  treeSize: number;
  rootHash: Bytes;
  voters: number;
  results: Result[]; // in the definition's order
}

function questionJson(question: Question, result: Result): JsonObject {
  const id = (option: number): string => question.options[option]?.id ?? '';
  const { rating, schulze, budget } = result;
  return {
    id: question.id,
    method: question.method,
    answered: result.answered,
    skipped: result.skipped,
    counts: result.counts,
    order: result.order.map((group) => group.map(id)),
    ...(rating && { rating: { ...rating } }),
    ...(schulze && { preferences: schulze.preferences }),
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

export function encodeResult(board: CountedBoard): string {
  return canonicalJson({
    protocol: 'veche/result/v1',
    poll: board.definition.poll,
    treeSize: board.treeSize,
    rootHash: base64(board.rootHash),
    ballots: board.voters,
    eligible: board.closingRecord?.eligible ?? 0,
    issuers: (board.closingRecord?.issuers ?? []).map(({ name, issued }) => ({ name, issued })),
    questions: board.definition.questions.flatMap((question, i) => {
      const result = board.results[i];
      return result ? [questionJson(question, result)] : [];
    }),
  });
}
