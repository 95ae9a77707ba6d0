// The example of the README, as a program of its own.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { FakeCity } from './fake_city.ts';

const script = process.env['VECHE_VOTE_EXAMPLE'] ?? '';

async function run(args: string[]): Promise<{ exitCode: number; out: any }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--no-warnings', script, ...args], (error, stdout, stderr) => {
      const text = stdout || stderr || 'null';
      resolve({ exitCode: error ? Number(error.code) : 0, out: JSON.parse(text) });
    });
  });
}

test('the example votes, replaces the vote, checks it and recounts the poll', async (context) => {
  const city = await FakeCity.start();
  context.after(() => city.stop());
  const folder = mkdtempSync(join(tmpdir(), 'veche-vote-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const state = join(folder, 'state.json');
  const base = ['--url', city.url, '--poll', city.poll, '--state', state];

  const noToken = await run([...base, '--answer', 'park=north']);
  assert.deepEqual([noToken.exitCode, noToken.out.code], [2, 'state']);
  const vote = [...base, '--token', 'token', '--answer', 'park=north', '--answer', 'names=b,a'];
  const first = await run(vote);
  assert.deepEqual([first.exitCode, first.out.boardIndex, first.out.counter], [0, 1, 1]);
  assert.deepEqual(first.out.answers[1], { question: 'names', options: ['b', 'a'] });
  assert.equal(statSync(state).mode & 0o777, 0o600);
  assert.deepEqual(await run(vote), first);

  city.time += 60;
  const second = await run([...base, '--answer', 'park=south', '--revote']);
  assert.deepEqual([second.out.boardIndex, second.out.counter], [2, 2]);
  assert.deepEqual((await run([...base, '--check'])).out, second.out);
  assert.equal(JSON.parse(readFileSync(state, 'utf8')).ballots.length, 2);

  await city.close();
  const recount = await run([...base, '--recount']);
  assert.deepEqual([recount.exitCode, recount.out.faultCount, recount.out.voters], [0, 0, 1]);
  assert.deepEqual(recount.out.result.questions[0].order[0], ['south']);
});
