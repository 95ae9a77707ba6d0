// Whether a poll as the server shows it is the poll that its definition fixes.
import type { Answer } from './api.ts';
import { base64 } from './bytes.ts';
import { canonicalJson, type Json, type JsonObject } from './canonical.ts';
import type { Definition } from './definition.ts';

function readTexts(answer: Answer): JsonObject {
  const { value } = answer;
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.keys(value).map((name) => [name, answer.at(name).text()]));
}

const integer = (answer: Answer): number => answer.integer() ?? 0;
const seconds = (answer: Answer): number => Math.round(Date.parse(answer.text()) / 1000) || 0;

function readQuestion(answer: Answer): JsonObject {
  return {
    id: answer.at('id').text(),
    type: answer.at('type').text(),
    method: answer.at('method').text(),
    texts: readTexts(answer.at('texts')),
    min: integer(answer.at('min')),
    max: integer(answer.at('max')),
    budget: integer(answer.at('budget')),
    shuffled: answer.at('shuffled').value === true,
    options: answer.at('options').list().map((option) => ({
      id: option.at('id').text(),
      texts: readTexts(option.at('texts')),
      price: integer(option.at('price')),
      picture: option.at('picture').text(),
    })),
  };
}

// The members of the definition that the server's JSON has too.
function readShown(answer: Answer): JsonObject {
  const [eligibility, batch] = [answer.at('eligibility'), answer.at('batch')];
  return {
    poll: answer.at('name').text().replace(/^polls\//, ''),
    titles: readTexts(answer.at('titles')),
    descriptions: readTexts(answer.at('descriptions')),
    questions: answer.at('questions').list().map(readQuestion),
    districts: answer.at('districts').list().map((district) => district.text()),
    eligibility: {
      minAge: integer(eligibility.at('minAge')),
      verified: eligibility.at('verified').value === true,
    },
    openTime: seconds(answer.at('openTime')),
    resultsHidden: answer.at('resultsHidden').value === true,
    batch: { ballots: integer(batch.at('ballots')), seconds: integer(batch.at('seconds')) },
    issuers: answer.at('issuers').list().map((issuer) => ({
      name: issuer.at('name').text(),
      publicKey: issuer.at('publicKey').text(),
      statementKey: issuer.at('statementKey').text(),
    })),
    boardKey: answer.at('boardKey').text(),
  };
}

function fixed(definition: Definition): JsonObject {
  return {
    ...definition,
    questions: definition.questions.map((question) => ({
      ...question, options: question.options.map((option) => ({ ...option })),
    })),
    issuers: definition.issuers.map(({ name, publicKey, statementKey }) => ({
      name, publicKey: base64(publicKey), statementKey: base64(statementKey),
    })),
    boardKey: base64(definition.boardKey),
  };
}

// The names of the members in which the server's JSON differs from the definition.
export function differences(answer: Answer, definition: Definition): string[] {
  const [shown, expected] = [readShown(answer), fixed(definition)];
  const differ = (a: Json | undefined, b: Json | undefined): boolean =>
    canonicalJson(a ?? null) !== canonicalJson(b ?? null);
  const names = Object.keys(shown).filter((name) => differ(shown[name], expected[name]));
  // Editors can close a poll before its time, never after it.
  if (seconds(answer.at('closeTime')) > definition.closeTime) names.push('closeTime');
  return names;
}
