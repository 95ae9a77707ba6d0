// The public names of the library. README.md has an example.
export type { Fetch } from './api.ts';
export {
  type Answer, type Ballot, type Credential, encodeBallotEntry, encodeBody, parseBallotEntry,
  ticketOf,
} from './ballot.ts';
export { BallotTally } from './ballot_tally.ts';
export type { BoardFile } from './board_file.ts';
export { base64, type Bytes, fromBase64, hex } from './bytes.ts';
export { canonicalJson } from './canonical.ts';
export {
  type CheckedPoll, PollClient, type PollClientOptions, type VerifiedReceipt, type WaitOptions,
} from './cast.ts';
export { BallotChecker, type BallotFault, type BallotProblem } from './check_ballot.ts';
export { type ClosingRecord, parseClosingRecord } from './closing_record.ts';
export { type Result, Tally } from './counting.ts';
export {
  type Definition, type Issuer, type Option, parseDefinition, type Question,
} from './definition.ts';
export { PollError, type PollErrorCode, type Violation } from './errors.ts';
export { checkContinues, checkHead, type SignedHead } from './head.ts';
export { leafHash, MerkleTree, verifyConsistency, verifyInclusion } from './merkle.ts';
export { checkAnswer, checkQuestion, indexesOf } from './question.ts';
export {
  BoardVerifier, type Fault, type Known, type Report, type Rule, verifyBoard,
} from './verify.ts';
export { MemoryStorage, type VoterState, type VoterStorage } from './voter_state.ts';
