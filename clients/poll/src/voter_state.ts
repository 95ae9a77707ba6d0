// What a voter's device keeps for one poll. It is JSON, bytes are base64, and `veche vote` reads
// and writes the same. It is saved before each request that depends on it, so that a page which was
// closed at any moment goes on from there and never asks for a second credential. It is a secret:
// with it, anybody can vote in the voter's place and see the vote.
import { encodeDefinitionEntry } from './ballot.ts';
import { base64, type Bytes, fromBase64 } from './bytes.ts';
import { PollError } from './errors.ts';
import type { SignedHead } from './head.ts';
import { generateVoterKey } from './voter_key.ts';

export interface Issuance {
  issuer: string;
  prefix: string;
  blinded: string;
  inverse: string; // "" once there is a signature
  signature: string; // "" until the issuer has answered
}

export interface CastBallot {
  entry: string; // the whole ballot
  boardIndex: number; // 0 until the receipt is verified
}

export interface SavedHead {
  poll: string;
  treeSize: number;
  time: number;
  rootHash: string;
  signature: string;
}

export interface VoterState {
  definition: string; // canonical JSON
  voterKey: string; // private, PKCS#8
  issuances: Issuance[];
  ballots: CastBallot[]; // by counter
  head: SavedHead | null; // the last one that was verified
}

// Where a state is kept. `save` must have stored the state when its promise is fulfilled.
export interface VoterStorage {
  load(): Promise<VoterState | undefined>;
  save(state: VoterState): Promise<void>;
}

export async function createVoterState(definition: Bytes): Promise<VoterState> {
  return {
    definition: base64(definition),
    voterKey: base64(await generateVoterKey()),
    issuances: [],
    ballots: [],
    head: null,
  };
}

// Throws 'state' when the text is not base64.
export function stateBytes(text: string): Bytes {
  const bytes = fromBase64(text);
  if (bytes === undefined) throw new PollError('state', 'The saved state is damaged.');
  return bytes;
}

export function saveHead(head: SignedHead): SavedHead {
  return { ...head, rootHash: base64(head.rootHash), signature: base64(head.signature) };
}

export function loadHead(head: SavedHead): SignedHead {
  return {
    ...head, rootHash: stateBytes(head.rootHash), signature: stateBytes(head.signature),
  };
}

export const definitionEntryOf = (state: VoterState): Bytes =>
  encodeDefinitionEntry(stateBytes(state.definition));

// For tests, and pages that keep nothing.
export class MemoryStorage implements VoterStorage {
  private json = '';

  async load(): Promise<VoterState | undefined> {
    return this.json === '' ? undefined : (JSON.parse(this.json) as VoterState);
  }
  async save(state: VoterState): Promise<void> {
    this.json = JSON.stringify(state);
  }
}
