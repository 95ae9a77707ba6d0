// What Veche sends to browsers, read by others: http_ece decrypts it, web-push makes a request to
// compare with. node peers.mjs PUSH_PEER NODE_MODULES
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createECDH, createPublicKey, randomBytes, verify } from 'node:crypto';
import { createRequire } from 'node:module';

const [tool, modules] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const ece = require('http_ece');
const webpush = require('web-push');

const endpoint = 'https://push.example.org:8443/send/abc?x=1';
const browser = createECDH('prime256v1');
const p256dh = browser.generateKeys('base64url');
const auth = randomBytes(16);

function send(text) {
  const { status, stdout, stderr } = spawnSync(tool, [endpoint, p256dh, auth.toString('base64url'), text]);
  assert.equal(status, 0, stderr.toString());
  return JSON.parse(stdout);
}

const lower = (headers) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), `${value}`]));
const decrypt = (body) => ece.decrypt(body, { version: 'aes128gcm', privateKey: browser, authSecret: auth });

// http_ece reads the message, also the longest one.
for (const title of ['Воды не будет до 18:00 «завтра»', 'x'.repeat(590)]) {
  const { body } = send(title);
  assert.equal(JSON.parse(decrypt(Buffer.from(body, 'base64url'))).title, title);
}
const ours = send('Hello');

// A message for another browser does not open.
const stranger = createECDH('prime256v1');
stranger.generateKeys();
assert.throws(() => ece.decrypt(Buffer.from(ours.body, 'base64url'),
  { version: 'aes128gcm', privateKey: stranger, authSecret: auth }));

// web-push makes the same request, apart from its own keys.
const vapid = webpush.generateVAPIDKeys();
const theirs = webpush.generateRequestDetails({ endpoint, keys: { p256dh, auth: auth.toString('base64url') } },
  decrypt(Buffer.from(ours.body, 'base64url')), {
    vapidDetails: { subject: 'mailto:operator@example.org', ...vapid },
    TTL: Number(ours.headers.TTL), topic: ours.headers.Topic, urgency: ours.headers.Urgency,
  });
const [mine, other] = [lower(ours.headers), lower(theirs.headers)];
assert.equal(ours.url, theirs.endpoint);
for (const name of ['ttl', 'topic', 'urgency', 'content-encoding', 'content-type']) assert.equal(mine[name], other[name], name);
assert.deepEqual(Object.keys(mine).sort(), Object.keys(other).filter((name) => name !== 'content-length').sort());
assert.equal(Buffer.from(ours.body, 'base64url').length, theirs.body.length);

// The token says who sends, to whom and until when; the key verifies it.
function claims(header) {
  const [, token, key] = /^vapid t=([^,]+), k=(.+)$/.exec(header);
  const [head, body, signature] = token.split('.');
  const point = Buffer.from(key, 'base64url');
  const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') };
  assert.ok(verify('sha256', Buffer.from(`${head}.${body}`),
    { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')));
  return { key, head: JSON.parse(Buffer.from(head, 'base64url')), body: JSON.parse(Buffer.from(body, 'base64url')) };
}
const [a, b] = [claims(mine.authorization), claims(other.authorization)];
assert.equal(a.key, ours.publicKey);
assert.deepEqual(a.head, b.head);
assert.equal(a.body.aud, b.body.aud);
assert.equal(a.body.sub, b.body.sub);
assert.ok(Math.abs(a.body.exp - b.body.exp) < 60, 'both live for twelve hours');
console.log('web-push and http_ece agree');
