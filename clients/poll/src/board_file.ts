// A whole board as a file: one JSON object on a line (docs/polling-protocol.md, section 4).
import type { Bytes } from './bytes.ts';
import { parseJson } from './canonical.ts';
import { PollError } from './errors.ts';
import { Fields } from './fields.ts';
import type { SignedHead } from './head.ts';

export type BoardFile = string | Uint8Array | ReadableStream<Uint8Array>;

const MAX_LINE = 4 << 20; // a longer line is no entry

export function parseBoardHeader(line: string): SignedHead {
  const header = new Fields(parseJson(line), '', ['poll', 'signedHead']);
  const head = new Fields(header.value('signedHead'), 'signedHead', [
    'treeSize', 'time', 'rootHash', 'signature',
  ]);
  return {
    poll: header.text('poll'),
    treeSize: head.integer('treeSize'),
    time: head.integer('time'),
    rootHash: head.bytes('rootHash', 32),
    signature: head.bytes('signature', 64),
  };
}

export function parseBoardEntry(line: string): Bytes {
  return new Fields(parseJson(line), '', ['entry']).bytes('entry');
}

async function* chunksOf(file: BoardFile): AsyncGenerator<string> {
  if (typeof file === 'string') return yield file;
  const decoder = new TextDecoder();
  if (file instanceof Uint8Array) return yield decoder.decode(file);
  const reader = file.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      yield decoder.decode(part.value, { stream: true });
    }
    yield decoder.decode();
  } finally {
    await reader.cancel();
  }
}

// The lines without their ends. Keeps one line in memory, and what the file's source gives at once.
export async function* linesOf(file: BoardFile): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunksOf(file)) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw new PollError('format', 'A line is too long.');
    yield* lines;
  }
  if (rest !== '') yield rest;
}
