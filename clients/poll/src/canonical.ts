// The part of RFC 8785 (canonical JSON) that the protocol needs: numbers are integers below 2^53.
import type { Bytes } from './bytes.ts';
import { PollError } from './errors.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export function canonicalJson(value: Json): string {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new PollError('format', `${value} is not an integer.`);
    return String(value);
  }
  if (typeof value === 'string') {
    if (/\p{Surrogate}/u.test(value)) {
      throw new PollError('format', 'A string is not Unicode text.');
    }
    return JSON.stringify(value);
  }
  if (value === null || typeof value === 'boolean') return String(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const names = Object.keys(value).sort(); // by UTF-16 units, as RFC 8785 says
  const members = names.map((name) => {
    return `${canonicalJson(name)}:${canonicalJson(value[name] ?? null)}`;
  });
  return `{${members.join(',')}}`;
}

export const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);

export function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new PollError('format', 'The document is not JSON.');
  }
}

// Reads bytes that must be canonical: the only encoding of their value.
export function parseCanonical(bytes: Bytes): Json {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new PollError('format', 'The document is not UTF-8.');
  }
  const value = parseJson(text);
  if (canonicalJson(value) !== text) {
    throw new PollError('format', 'The document is not canonical JSON.');
  }
  return value;
}
