// Bytes as the protocol writes them (docs/polling-protocol.md, "Notation").
import { PollError } from './errors.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

export function concat(...parts: Uint8Array[]): Bytes {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

export const utf8 = (text: string): Bytes => new Uint8Array(new TextEncoder().encode(text));

// Ids are bytes on the board; a character stands for one byte, so that any bytes survive.
export function latin1(text: string): Bytes {
  return Uint8Array.from(text, (char) => {
    const code = char.charCodeAt(0);
    if (char.length > 1 || code > 0xff) throw new PollError('format', `"${text}" is not an id.`);
    return code;
  });
}

export function textOf(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return text;
}

// The number's lowest `size` bytes, big-endian.
function bigEndian(value: number, size: number): Bytes {
  const bytes = new Uint8Array(size);
  for (let i = size - 1, rest = value; i >= 0; --i, rest = Math.floor(rest / 256)) {
    bytes[i] = rest % 256;
  }
  return bytes;
}
export const u8 = (value: number): Bytes => bigEndian(value, 1);
export const u16 = (value: number): Bytes => bigEndian(value, 2);
export const u64 = (value: number): Bytes => bigEndian(value, 8);

// The length in two bytes, then the bytes.
export const str = (bytes: Uint8Array): Bytes => concat(u16(bytes.length), bytes);

export const base64 = (bytes: Uint8Array): string => btoa(textOf(bytes));

export const base64url = (bytes: Uint8Array): string =>
  base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

// Nothing unless `text` is base64 with padding and without spaces.
export function fromBase64(text: string): Bytes | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return base64(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

// Reads from the front; after the end, everything is empty and `ok` false.
export class ByteReader {
  ok = true;
  private offset = 0;
  private readonly bytes: Bytes;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }

  get atEnd(): boolean {
    return this.offset === this.bytes.length;
  }

  take(length: number): Bytes {
    this.ok &&= length <= this.bytes.length - this.offset;
    if (!this.ok) return new Uint8Array();
    this.offset += length;
    return this.bytes.slice(this.offset - length, this.offset);
  }

  // Numbers from 2^53 up lose their last bits, but stay above all limits.
  number(size: number): number {
    return this.take(size).reduce((value, byte) => value * 256 + byte, 0);
  }

  str(): Bytes {
    return this.take(this.number(2));
  }
}
