// Bundles the library for Node and for pages without a bundler: node scripts/build.mjs [FOLDER]
import { build } from 'esbuild';
import { resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { options, root } from './bundle.mjs';

const entryPoints = ['src/index.ts'];
const folder = resolve(process.argv[2] ?? `${root}/dist`);
await build({ ...options, entryPoints, outfile: `${folder}/poll.js`, legalComments: 'linked' });

// What a web app carries: the library, and what it loads when a credential is asked for.
const { outputFiles } = await build({
  ...options, entryPoints, outdir: folder, minify: true, splitting: true, legalComments: 'none',
  write: false,
});
const kib = (bytes) => (bytes / 1024).toFixed(1);
for (const { path, contents } of outputFiles) {
  const brotli = kib(brotliCompressSync(contents).length);
  const name = path.split('/').at(-1);
  console.log(`${name}: minified ${kib(contents.length)} KiB, brotli ${brotli} KiB`);
}
