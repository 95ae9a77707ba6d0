import assert from 'node:assert/strict';
import test from 'node:test';
import { readText } from './files.ts';
import { rfc9474Faults, type Rfc9474Vector } from './rfc9474.ts';
import { FILES } from './testdata.ts';

const vectors = JSON.parse(readText(FILES.rfc9474)) as Rfc9474Vector[];

test('the vectors of RFC 9474 pass', async () => {
  assert.equal(vectors.length, 4);
  assert.deepEqual(await rfc9474Faults(vectors), []);
});

test('a changed vector does not pass', async () => {
  const [first] = vectors;
  assert.ok(first);
  const changed = { ...first, blinded_msg: first.blinded_msg.replace(/^../, '00') };
  const faults = await rfc9474Faults([changed]);
  assert.equal(faults.length, 2);
});
