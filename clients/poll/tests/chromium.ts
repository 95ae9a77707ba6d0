// Runs page.ts in Debian's Chromium and prints what it finds: exit code 0 when nothing. The page
// posts its result to the server that it came from, so that no driver of a browser is needed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeCity } from './fake_city.ts';
import { readText } from './files.ts';

const [page = ''] = process.argv.slice(2); // the bundle of page.ts
const SECONDS = 60;

const HTML = '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>';
const city = await FakeCity.start();

let finish: (faults: string[]) => void = () => undefined;
const done = new Promise<string[]>((resolve) => (finish = resolve));

const server = createServer(async (request, response) => {
  const path = (request.url ?? '').replace(/\?.*/, '');
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const send = (type: string, text: string) =>
    response.writeHead(200, { 'Content-Type': type }).end(text);
  if (path === '/') return send('text/html', HTML);
  if (path === '/page.js') return send('text/javascript', readFileSync(page, 'utf8'));
  if (path === '/favicon.ico') return response.writeHead(404).end();
  if (path === '/faults') {
    finish(JSON.parse(body));
    return send('text/plain', '');
  }
  if (!path.startsWith('/v1/')) return send('text/plain', readText(path.slice(1)));
  const { authorization } = request.headers;
  const answer = await fetch(city.url + request.url, {
    method: request.method ?? 'GET',
    headers: authorization ? { authorization } : {},
    ...(body && { body }),
  });
  response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') ?? '' });
  return response.end(await answer.text());
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

const profile = mkdtempSync(join(tmpdir(), 'veche-chromium-'));
const { port } = server.address() as AddressInfo;
// Chromium's sandbox does not start for root.
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = spawn(
  'chromium',
  [
    '--headless', ...sandbox, '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
    `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/?poll=${city.poll}`,
  ],
  { stdio: ['ignore', 'ignore', 'pipe'] },
);
let log = '';
browser.stderr.on('data', (chunk) => (log += String(chunk)));
browser.on('error', (error) => finish([String(error)]));
const ended = new Promise((resolve) => browser.on('close', resolve));
void ended.then(() => finish([`Chromium ended: ${log}`]));
const giveUp = (): void => finish([`no result after ${SECONDS} seconds: ${log}`]);
const timer = setTimeout(giveUp, SECONDS * 1000);

const faults = await done;
clearTimeout(timer);
browser.kill();
await ended;
rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
server.closeAllConnections();
server.close();
await city.stop();
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
