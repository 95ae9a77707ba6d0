// Strict reading of JSON objects whose members are all known and all present.
import { type Bytes, fromBase64 } from './bytes.ts';
import { isArray, type Json, type JsonObject } from './canonical.ts';
import { PollError } from './errors.ts';

export type Texts = Record<string, string>;

const LANGUAGE_TAG = /^[A-Za-z0-9-]{1,35}$/;

export class Fields {
  private readonly members: JsonObject;
  private readonly path: string;

  // `path` is "" for the document. Throws 'format', with the path of the member, as all methods.
  constructor(value: Json, path: string, names: readonly string[]) {
    this.path = path;
    if (typeof value !== 'object' || value === null || isArray(value)) {
      throw new PollError('format', `${path || 'The document'} must be an object.`);
    }
    this.members = value;
    for (const name of Object.keys(value)) {
      if (!names.includes(name)) this.fail(name, 'is not a member of this version');
    }
    for (const name of names) {
      if (!Object.hasOwn(value, name)) this.fail(name, 'is missing');
    }
  }

  fail(name: string, problem: string): never {
    throw new PollError('format', `${this.pathOf(name)} ${problem}.`);
  }

  pathOf(name: string): string {
    return this.path ? `${this.path}.${name}` : name;
  }

  value(name: string): Json {
    return this.members[name] ?? null;
  }

  text(name: string): string {
    const value = this.value(name);
    return typeof value === 'string' ? value : this.fail(name, 'must be a string');
  }

  integer(name: string): number {
    const value = this.value(name);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    return this.fail(name, 'must be an integer from 0 to 9007199254740991');
  }

  boolean(name: string): boolean {
    const value = this.value(name);
    return typeof value === 'boolean' ? value : this.fail(name, 'must be true or false');
  }

  // Any length when `length` is not given.
  bytes(name: string, length?: number): Bytes {
    const bytes = fromBase64(this.text(name)) ?? this.fail(name, 'must be base64');
    if (length !== undefined && bytes.length !== length) {
      this.fail(name, `must have ${length} bytes`);
    }
    return bytes;
  }

  list<T>(name: string, read: (item: Json, path: string) => T): T[] {
    const value = this.value(name);
    if (!isArray(value)) return this.fail(name, 'must be an array');
    return value.map((item, i) => read(item, `${this.pathOf(name)}[${i}]`));
  }

  strings(name: string): string[] {
    return this.list(name, (item, path) => {
      if (typeof item !== 'string') throw new PollError('format', `${path} must be a string.`);
      return item;
    });
  }

  texts(name: string): Texts {
    const value = this.value(name);
    if (typeof value !== 'object' || value === null || isArray(value)) {
      return this.fail(name, 'must be an object');
    }
    const texts: Texts = {};
    for (const [language, text] of Object.entries(value)) {
      if (!LANGUAGE_TAG.test(language)) this.fail(name, 'must have texts by language tag');
      if (typeof text !== 'string') return this.fail(`${name}.${language}`, 'must be a string');
      texts[language] = text;
    }
    return texts;
  }

  // `used` has the ids of the siblings.
  id(name: string, used: Set<string>): string {
    const id = this.text(name);
    if (!/^[a-z0-9_-]{1,32}$/.test(id)) {
      this.fail(name, 'must have 1 to 32 characters of a-z, 0-9, _ and -');
    }
    if (used.has(id)) this.fail(name, 'appears more than once');
    used.add(id);
    return id;
  }
}
