// Bundles the test in Chromium and runs it: node scripts/chromium.mjs FOLDER
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { options } from './bundle.mjs';

const folder = resolve(process.argv[2]);
await build({ ...options, entryPoints: ['tests/page.ts'], outdir: folder });
await build({
  ...options,
  entryPoints: ['tests/chromium.ts'],
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  platform: 'node',
});
const { status } = spawnSync(process.execPath, [`${folder}/chromium.mjs`, `${folder}/page.js`], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
