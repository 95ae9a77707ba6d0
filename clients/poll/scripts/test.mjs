// Bundles the tests and the example, and runs them in Node: node scripts/test.mjs FOLDER
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { options, root } from './bundle.mjs';

const folder = resolve(process.argv[2]);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/package.json`, '{"type": "module"}');
const names = readdirSync(`${root}/tests`).filter((name) => name.endsWith('.test.ts'));
await build({
  ...options,
  entryPoints: names.map((name) => `tests/${name}`),
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  platform: 'node',
  sourcemap: 'inline',
});
await build({ ...options, entryPoints: ['src/index.ts'], outfile: `${folder}/dist/poll.js` });
cpSync(`${root}/examples`, `${folder}/examples`, { recursive: true });

const files = names.map((name) => `${folder}/${name.replace(/\.ts$/, '.mjs')}`);
const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...files], {
  stdio: 'inherit',
  env: { ...process.env, VECHE_VOTE_EXAMPLE: `${folder}/examples/vote.mjs` },
});
process.exit(status ?? 1);
