// Reads the repository's files in Node, and gives Node 18 the WebCrypto that later ones have.
import { readFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import { FILES, PROTOCOL_FOLDER, type ProtocolVectors } from './testdata.ts';

if (!('crypto' in globalThis)) {
  Object.defineProperty(globalThis, 'crypto', { value: webcrypto });
}

const root = process.env['VECHE_SOURCE_DIR'] ?? '.';

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8');
export const readBoard = (file: string): string => readText(`${PROTOCOL_FOLDER}/${file}`);
export const readKey = (name: string): string => readText(`${PROTOCOL_FOLDER}/keys/${name}.pem`);
export const readVectors = (): ProtocolVectors => JSON.parse(readText(FILES.protocol));
