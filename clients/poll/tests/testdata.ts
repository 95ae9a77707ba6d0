// Readers of the vectors that C++ and TypeScript share. They work on text, so that a page can use
// them too.
import type { Bytes } from '../src/bytes.ts';

export function fromHex(hex: string): Bytes {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

// Where the vectors are from the root of the repository.
export const FILES = {
  rfc9474: 'common/blind_rsa/testdata/rfc9474.json',
  protocol: 'services/polling/protocol/testdata/vectors.json',
  counting: 'services/polling/counting/testdata/counting.json',
} as const;
export const PROTOCOL_FOLDER = 'services/polling/protocol/testdata';

export interface ProtocolVectors {
  definition: { json: string; leafHash: string };
  closingRecord: { json: string; leafHash: string };
  statementBytes: string;
  head: { bytes: string; rootHash: string; signature: string; time: number; treeSize: number };
  ballots: {
    answers: { question: string; options: string[] }[];
    ballotSignature: string;
    body: string;
    counter: number;
    credentials: { prefix: string; signature: string }[];
    entry: string;
    leafHash: string;
    message: string;
    salt: string;
    ticket: string;
    voterKey: string;
  }[];
  forgeries: { name: string; fault: string; entry: string }[];
  boards: { file: string; faultCount: number; resultJson: string; resultHash: string }[];
}
