// The last entry of a closed board, and what issuers state in it (docs/polling-protocol.md,
// section 5).
import { type Bytes, concat, latin1, str, u64, u8, utf8 } from './bytes.ts';
import { type Json, parseCanonical } from './canonical.ts';
import { sha256, verifyEd25519 } from './crypto.ts';
import type { Issuer } from './definition.ts';
import { Fields } from './fields.ts';

export interface ClosingRecord {
  closeTime: number; // Unix seconds
  eligible: number;
  // In the definition's order.
  issuers: {
    name: string;
    issued: number;
    statement: Bytes;
    districts: { district: string; issued: number }[];
  }[];
}

function readIssuer(value: Json, path: string): ClosingRecord['issuers'][number] {
  const fields = new Fields(value, path, ['name', 'issued', 'statement', 'districts']);
  return {
    name: fields.text('name'),
    issued: fields.integer('issued'),
    statement: fields.bytes('statement', 64),
    districts: fields.list('districts', (item, at) => {
      const district = new Fields(item, at, ['district', 'issued']);
      return { district: district.text('district'), issued: district.integer('issued') };
    }),
  };
}

// Throws 'format', with the path of the member.
export function parseClosingRecord(json: Bytes): ClosingRecord {
  const root = new Fields(parseCanonical(json), '', ['closeTime', 'eligible', 'issuers']);
  return {
    closeTime: root.integer('closeTime'),
    eligible: root.integer('eligible'),
    issuers: root.list('issuers', readIssuer),
  };
}

// What an issuer's statement key signs. `final`: the issuing key is destroyed.
export async function issuedStatementBytes(
  poll: string,
  issued: number,
  final: boolean,
  issuingPublicKey: Bytes,
): Promise<Bytes> {
  const keyHash = await sha256(issuingPublicKey);
  return concat(
    utf8('veche/issued/v1'), str(latin1(poll)), u64(issued), u8(final ? 1 : 0), keyHash,
  );
}

export async function verifyIssuedStatement(
  poll: string,
  issued: number,
  final: boolean,
  issuer: Issuer,
  signature: Bytes,
): Promise<boolean> {
  const bytes = await issuedStatementBytes(poll, issued, final, issuer.publicKey);
  return verifyEd25519(issuer.statementKey, bytes, signature);
}
