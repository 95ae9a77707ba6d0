// node serve.js FOLDER: a store with the interface of S3 on a free loopback port, with the bucket "veche" and the key
// S3RVER with the secret S3RVER. Prints its port; ends when its standard input ends.
//
// s3rver keeps the objects. What it does not do is here: it verifies neither AWS Signature Version 4 nor the hash of a
// body, it answers before a file is written, and it never ends the answer to a range of an empty object.
const crypto = require('node:crypto');
const fs = require('node:fs/promises');
const http = require('node:http');
const path = require('node:path');
const { Readable } = require('node:stream');
const S3rver = require('s3rver');

const KEY = 'S3RVER';
const hash = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');
const hmac = (key, text) => crypto.createHmac('sha256', key).update(text).digest();

async function whole(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

// The fault of a signed request, or undefined. "Authenticating Requests (AWS Signature Version 4)" in Amazon's manual.
function faultOf(req, body) {
  const match =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([\w-]+)\/s3\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=(\w+)$/.exec(
      req.headers.authorization ?? '',
    );
  if (!match) return [403, 'AccessDenied'];
  const [, key, day, region, signed, signature] = match;
  if (key !== KEY) return [403, 'InvalidAccessKeyId'];
  const names = signed.split(';');
  const must = ['host', ...Object.keys(req.headers).filter((name) => name.startsWith('x-amz-'))];
  if (must.some((name) => !names.includes(name))) return [403, 'AccessDenied'];
  if (names.some((name) => !(name in req.headers))) return [403, 'AccessDenied'];
  const [uri, query = ''] = req.url.split('?');
  const payload = req.headers['x-amz-content-sha256'];
  const canonical = [
    req.method,
    uri,
    query.split('&').sort().join('&'),
    ...names.map((name) => `${name}:${req.headers[name].trim()}`),
    '',
    signed,
    payload,
  ].join('\n');
  const date = req.headers['x-amz-date'];
  const text = ['AWS4-HMAC-SHA256', date, `${day}/${region}/s3/aws4_request`, hash(canonical)].join('\n');
  const signing = [day, region, 's3', 'aws4_request'].reduce(hmac, `AWS4${KEY}`);
  if (hmac(signing, text).toString('hex') !== signature) return [403, 'SignatureDoesNotMatch'];
  if (hash(body) !== payload) return [400, 'XAmzContentSHA256Mismatch'];
  return undefined;
}

// s3rver makes the token of the next page by DES, which OpenSSL 3 does not have. Lists here go on by start-after.
const { createCipheriv } = crypto;
crypto.createCipheriv = (name, key, iv) =>
  name === 'des' ? createCipheriv('des-ede3-cbc', Buffer.alloc(24), iv) : createCipheriv(name, key, iv);

function mend(store) {
  const { getObject, putMetadata, getResourcePath } = store;
  const md5Of = (bytes) => crypto.createHash('md5').update(bytes).digest('hex');
  // No range of an empty object can be satisfied.
  store.getObject = async (bucket, key, options) => {
    const object = await getObject.call(store, bucket, key, options);
    if (object?.range && object.size === 0) {
      object.content?.destroy();
      object.content = undefined;
    }
    return object;
  };
  store.putObject = async (object) => {
    const bytes = await whole(object.content);
    const file = getResourcePath.call(store, object.bucket, object.key, 'object');
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, bytes);
    await putMetadata.call(store, object.bucket, object.key, object.metadata, md5Of(bytes));
    return { size: bytes.length, md5: md5Of(bytes) };
  };
  store.putPart = async (bucket, upload, number, content) => {
    const bytes = await whole(content);
    const folder = path.join(getResourcePath.call(store, bucket, undefined, 'uploads'), upload);
    await fs.mkdir(folder, { recursive: true });
    await fs.writeFile(path.join(folder, String(number)), bytes);
    return { size: bytes.length, md5: md5Of(bytes) };
  };
}

const app = new S3rver({
  directory: process.argv[2],
  silent: true,
  vhostBuckets: false,
  configureBuckets: [{ name: 'veche' }],
});
mend(app.store);
const handle = app.callback();

const server = http.createServer(async (req, res) => {
  const body = await whole(req);
  const fault = faultOf(req, body);
  if (fault) {
    res.writeHead(fault[0], { 'content-type': 'application/xml' });
    res.end(`<?xml version="1.0"?>\n<Error><Code>${fault[1]}</Code></Error>`);
    return;
  }
  const again = Readable.from(body.length ? [body] : [], { objectMode: false });
  const { headers, method, url, httpVersion, socket } = req;
  handle(Object.assign(again, { headers, method, url, httpVersion, socket }), res);
});

app.configureBuckets().then(() => server.listen(0, '127.0.0.1', () => console.log(server.address().port)));
process.stdin.on('end', () => process.exit()).resume();
