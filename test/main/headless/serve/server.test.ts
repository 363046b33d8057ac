import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request, type OutgoingHttpHeaders } from 'node:http';
import { connect as connectSocket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Engine } from '../../../../src/main/engine';
import { Uploads } from '../../../../src/main/engine/uploads';
import { startHost, type RunningHost } from '../../../../src/main/headless/serve/server';
import { createClient, serveCalls, socketTransport, type SocketLike } from '../../../../src/shared/rpc';
import { fakeHandlers } from '../../../support/fakeHandlers';

const limit = 100_000;
const artifact = 'a'.repeat(64);
const secret = 'not for the network';

let folder: string;
let host: RunningHost;
let connections = 0;

function fakeEngine(): Engine {
  const handlers = fakeHandlers({ 'runs.list': () => [], 'runs.cancel': () => null });
  return {
    home: folder,
    handlers,
    uploads: new Uploads(folder, limit),
    connect(transport) {
      connections += 1;
      return serveCalls(transport, { handlers });
    },
    artifact: (sha256) => (sha256 === artifact ? join(folder, 'kept') : undefined),
    notify: () => undefined,
    close: () => Promise.resolve(),
  };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bracket-serve-'));
  const renderer = join(folder, 'renderer');
  mkdirSync(join(renderer, 'assets'), { recursive: true });
  writeFileSync(join(renderer, 'index.html'), '<meta nonce="STYLE-NONCE"><title>Bracket</title>');
  writeFileSync(join(renderer, 'assets', 'index-1.js'), 'export {};');
  writeFileSync(join(renderer, '.env'), secret);
  writeFileSync(join(folder, 'secret.js'), secret);
  writeFileSync(join(folder, 'kept'), 'artifact');
  symlinkSync(join(folder, 'secret.js'), join(renderer, 'link.js'));
  host = await startHost({ engine: fakeEngine(), host: '127.0.0.1', port: 0, renderer });
});
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** A request whose path and headers go out as they are; `fetch` would tidy both. */
function ask(
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: OutgoingHttpHeaders; body?: string | Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: host.port, path, method, headers, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(pieces).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const authorization = (): OutgoingHttpHeaders => ({ authorization: `Bearer ${host.token}` });

describe('the window', () => {
  it('is served at the printed address, under a strict policy', async () => {
    const { pathname, search } = new URL(host.url);
    const { status, headers, text } = await ask(pathname + search);
    expect(status).toBe(200);
    expect(text).toContain('<title>Bracket</title>');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self'; ");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${host.port}`);
    expect(policy).not.toMatch(/script-src[^;]*(unsafe|\*|http)/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('has a nonce of its own in each answer', async () => {
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const { headers, text } = await ask('/');
        const nonce = /nonce="([^"]+)"/.exec(text)?.[1];
        expect(headers['content-security-policy']).toContain(`'nonce-${nonce}'`);
        return nonce;
      }),
    );
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  it('keeps files with a hash in their name, and asks again for the others', async () => {
    expect((await ask('/assets/index-1.js')).headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'private, max-age=31536000, immutable',
    });
    expect((await ask('/')).headers['cache-control']).toBe('no-store');
  });

  it('with a token of another server says what to do, in a page', async () => {
    const { status, text } = await ask('/?token=of-yesterday');
    expect(status).toBe(401);
    expect(text).toContain('Open the address that');
    expect(text).not.toContain('<script');
  });
});

describe('what belongs to the user', () => {
  const places: [string, string][] = [
    ['GET', '/session'],
    ['GET', `/artifacts/${artifact}`],
    ['POST', '/upload'],
  ];
  it.each(places)('%s %s needs the token', async (method, path) => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { cookie: `token=${host.token}` }])
      expect((await ask(path, { method, headers })).status).toBe(401);
    expect((await ask(`${path}?token=${host.token}`, { method })).status).toBe(401);
  });

  it('is given with it', async () => {
    expect((await ask('/session', { headers: authorization() })).status).toBe(200);
    const { text, headers } = await ask(`/artifacts/${artifact}`, { headers: authorization() });
    expect(text).toBe('artifact');
    expect(headers).toMatchObject({ 'content-type': 'application/octet-stream', 'content-disposition': 'attachment' });
    expect((await ask(`/artifacts/${'b'.repeat(64)}`, { headers: authorization() })).status).toBe(404);
  });
});

it.each([
  ...['/../secret.js', '/..%2fsecret.js', '/%2e%2e/secret.js', '/%2e%2e%2fsecret.js', '/assets/../../secret.js'],
  ...['/..\\secret.js', '/..%5csecret.js', '/....//secret.js', '//secret.js', '/./../secret.js', '/link.js', '/.env'],
  ...['/index.html%00.js', '/assets/', '/assets', '/%', '/secret.js', '/renderer/index.html', '/artifacts/../kept'],
  ...['/artifacts/..%2fkept', '/uploads', '/bracket.db', '/C:/secret.js', '/proc/self/environ'],
])('does not read %s', async (path) => {
  const { status, text } = await ask(path, { headers: authorization() });
  expect(status).toBeGreaterThanOrEqual(400);
  expect(text).not.toContain(secret);
});

it('does not read a path that is no path', async () => {
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connectSocket(host.port, '127.0.0.1', () => {
      socket.end(`GET file://${folder}/secret.js HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    });
    let text = '';
    socket.on('data', (piece) => (text += piece.toString()));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
});

describe('other names and other sites', () => {
  it.each(['evil.example', 'localhost.evil.example', '10.0.0.1'])('a Host of %s is refused', async (name) => {
    const headers = { ...authorization(), host: `${name}:${host.port}` };
    for (const path of ['/', '/session', `/artifacts/${artifact}`])
      expect((await ask(path, { headers })).status).toBe(403);
    expect((await ask('/upload', { method: 'POST', headers, body: 'x' })).status).toBe(403);
  });

  it.each(['http://evil.example', 'http://127.0.0.1:1', 'null'])('an Origin of %s is refused', async (origin) => {
    for (const path of ['/', '/session']) {
      expect((await ask(path, { headers: { ...authorization(), origin } })).status).toBe(403);
    }
    expect((await ask('/upload', { method: 'POST', headers: { ...authorization(), origin }, body: 'x' })).status).toBe(
      403,
    );
  });
});

it.each([
  ['POST', '/'],
  ['PUT', '/session'],
  ['DELETE', `/artifacts/${artifact}`],
  ['OPTIONS', '/'],
  ['GET', '/upload'],
])('%s %s is not allowed', async (method, path) => {
  const { status, headers } = await ask(path, { method, headers: authorization() });
  expect(status).toBe(405);
  expect(headers['allow']).toBe(path === '/upload' ? 'POST' : 'GET, HEAD');
});

describe('uploads', () => {
  const kept = (): string[] => readdirSync(join(folder, 'uploads'));

  it('are written to the data folder', async () => {
    const before = kept().length;
    const { status, text } = await ask('/upload', {
      method: 'POST',
      headers: authorization(),
      body: 'x'.repeat(limit),
    });
    expect(status).toBe(200);
    expect(kept()).toContain((JSON.parse(text) as { upload: string }).upload);
    expect(kept()).toHaveLength(before + 1);
  });

  it('that say they are too large are refused before they are sent', async () => {
    const before = kept().length;
    const { status, text } = await ask('/upload', {
      method: 'POST',
      headers: { ...authorization(), 'content-length': limit + 1 },
      body: Buffer.alloc(limit + 1),
    });
    expect(status).toBe(413);
    expect(text).toContain('larger than');
    expect(kept()).toHaveLength(before);
  });

  it('that turn out to be too large leave nothing behind', async () => {
    const before = kept().length;
    const { status } = await ask('/upload', {
      method: 'POST',
      headers: { ...authorization(), 'transfer-encoding': 'chunked' },
      body: Buffer.alloc(2 * limit),
    });
    expect(status).toBe(413);
    expect(kept()).toHaveLength(before);
  });

  it('that break off leave nothing behind', async () => {
    const before = kept().length;
    await new Promise<void>((resolve) => {
      const sent = request({
        ...{ host: '127.0.0.1', port: host.port, path: '/upload', method: 'POST' },
        headers: { ...authorization(), 'content-length': 1000 },
      });
      sent.on('error', () => resolve());
      sent.write('half');
      setTimeout(() => sent.destroy(new Error('gone')), 50);
    });
    await expect.poll(() => kept().length).toBe(before);
  });
});

describe('the WebSocket', () => {
  /** @returns the status that refused it, or the open socket */
  function open(
    protocols: string[],
    options: { path?: string; origin?: string; headers?: Record<string, string> } = {},
  ): Promise<number | WebSocket> {
    const { path = '/rpc', origin, headers } = options;
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, protocols, {
        ...(origin !== undefined && { origin }),
        ...(headers && { headers }),
      });
      socket.on('open', () => resolve(socket));
      socket.on('unexpected-response', (_request, response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      });
      socket.on('error', reject);
    });
  }
  const good = (): string[] => ['bracket.1', `token.${host.token}`];

  it('answers calls, and does not repeat the token', async () => {
    const socket = (await open(good(), { origin: `http://127.0.0.1:${host.port}` })) as WebSocket;
    expect(socket.protocol).toBe('bracket.1');
    const client = createClient(socketTransport(socket as unknown as SocketLike));
    await expect(client.call('runs.list', {})).resolves.toEqual([]);
    client.close();
  });

  it.each([
    ['without a token', 401, ['bracket.1'], {}],
    ['with a wrong token', 401, ['bracket.1', 'token.wrong'], {}],
    ['with a token in the address', 404, ['bracket.1'], { path: '/rpc?token=x' }],
    ['from another site', 403, undefined, { origin: 'http://evil.example' }],
    ['from another port', 403, undefined, { origin: 'http://127.0.0.1:1' }],
    ['by another name', 403, undefined, { headers: { host: 'evil.example' } }],
    ['at another path', 404, undefined, { path: '/other' }],
  ])('is refused %s', async (_name, status, protocols, options) => {
    const before = connections;
    expect(await open(protocols ?? good(), options)).toBe(status);
    expect(connections).toBe(before);
  });

  it.each([
    ['no JSON', 'hello'],
    ['no message of the protocol', '{"type":"shout"}'],
    ['binary', Buffer.from([1, 2, 3])],
  ])('closes on what is %s, and the server goes on', async (_name, message) => {
    const socket = (await open(good())) as WebSocket;
    const closed = new Promise<string>((resolve) => socket.on('close', (_code, reason) => resolve(reason.toString())));
    socket.send(message);
    expect(await closed).toContain('message');
    expect((await ask('/session', { headers: authorization() })).status).toBe(200);
  });

  it('closes on a message without end', async () => {
    const socket = (await open(good())) as WebSocket;
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    socket.send('x'.repeat(33 * 2 ** 20));
    expect(await closed).toBe(1009);
  });
});

describe('the port', () => {
  it('that is taken is named, or passed over where none was asked for', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port)),
    );
    const options = { engine: fakeEngine(), host: '127.0.0.1', port };
    await expect(startHost(options)).rejects.toThrow(`--port: ${port} is taken by another program.`);
    const next = await startHost({ ...options, search: true });
    expect(next.port).toBeGreaterThan(port);
    await next.close();
    other.close();
  });

  it('needs an address of this machine', async () => {
    await expect(startHost({ engine: fakeEngine(), host: '203.0.113.7', port: 0 })).rejects.toThrow(
      '--host: "203.0.113.7" is no address of this machine',
    );
  });
});

it('ends its connections when it is closed', async () => {
  const other = await startHost({ engine: fakeEngine(), host: '127.0.0.1', port: 0 });
  const socket = new WebSocket(`ws://127.0.0.1:${other.port}/rpc`, ['bracket.1', `token.${other.token}`]);
  await new Promise((resolve) => socket.on('open', resolve));
  const closed = new Promise<string>((resolve) => socket.on('close', (_code, reason) => resolve(reason.toString())));
  await other.close();
  expect(await closed).toBe('The server has ended.');
});
