// Signed heads of boards, and what a mirror checks (docs/polling-protocol.md, sections 4 and 6).
import { type Bytes, concat, latin1, str, u64, utf8 } from './bytes.ts';
import { importEd25519, verifyEd25519 } from './crypto.ts';
import { PollError } from './errors.ts';
import { verifyConsistency } from './merkle.ts';

export interface SignedHead {
  poll: string;
  treeSize: number;
  time: number; // Unix seconds, a whole minute
  rootHash: Bytes;
  signature: Bytes;
}

export function headBytes(head: SignedHead): Bytes {
  return concat(
    utf8('veche/head/v1'),
    str(latin1(head.poll)),
    u64(head.treeSize),
    u64(head.time),
    head.rootHash,
  );
}

// Throws 'board' unless `head` is a head of the poll signed by `boardKey`.
export async function checkHead(head: SignedHead, poll: string, boardKey: Bytes): Promise<void> {
  const fail = (message: string) => new PollError('board', message);
  if (head.poll !== poll) throw fail(`The head is of the poll "${head.poll}", not of "${poll}".`);
  if (head.time % 60 !== 0) throw fail("The head's time is not a whole minute.");
  if (!(await importEd25519(boardKey))) throw fail('The board key is not an Ed25519 key.');
  if (!(await verifyEd25519(boardKey, headBytes(head), head.signature))) {
    throw fail("The head's signature is not valid under the board key.");
  }
}

// Throws 'board' when the tree of the later head is smaller, which needs no further proof. A
// smaller tree of the same time or an earlier one is fine: a cache may have kept its head.
export function checkOrder(previous: SignedHead, next: SignedHead): void {
  const shrank = next.treeSize < previous.treeSize && next.time > previous.time;
  const grewBefore = next.treeSize > previous.treeSize && next.time < previous.time;
  if (shrank || grewBefore) {
    throw new PollError(
      'board',
      `The board went back: it had ${previous.treeSize} entries at ${previous.time} and ` +
        `${next.treeSize} entries at ${next.time} (Unix seconds).`,
    );
  }
}

// Throws 'board' when `next` is not a signed head of the board that `previous`, a checked one, is
// of. `proof` is the consistency proof between the two sizes.
export async function checkContinues(
  previous: SignedHead,
  next: SignedHead,
  proof: readonly Bytes[],
  boardKey: Bytes,
): Promise<void> {
  await checkHead(next, previous.poll, boardKey);
  checkOrder(previous, next);
  const [small, large] = next.treeSize < previous.treeSize ? [next, previous] : [previous, next];
  const continues = await verifyConsistency(
    small.treeSize, small.rootHash, large.treeSize, large.rootHash, proof,
  );
  if (continues) return;
  throw new PollError(
    'board',
    `The board of ${large.treeSize} entries does not continue ` +
      `the board of ${small.treeSize} entries.`,
  );
}
