// The options of all bundles: the same syntax for browsers, Node 18 and later.
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const options = { absWorkingDir: root, bundle: true, format: 'esm', target: 'es2022' };
