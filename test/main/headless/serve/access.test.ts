import { describe, expect, it } from 'vitest';
import {
  bearer,
  givenToken,
  isOwnHost,
  isOwnOrigin,
  isToken,
  newToken,
} from '../../../../src/main/headless/serve/access';
import { hasScreen } from '../../../../src/main/headless/serve/openBrowser';

describe('tokens', () => {
  it('are long, different, and fit into addresses and headers', () => {
    const [a, b] = [newToken(), newToken()];
    expect(a).toMatch(/^[\w-]{43}$/);
    expect(a).not.toBe(b);
  });

  it('are compared whole', () => {
    const token = newToken();
    expect(isToken(token, token)).toBe(true);
    for (const wrong of ['', token.slice(1), `${token}x`, token.toLowerCase(), null, undefined, 'é'.repeat(43)])
      expect(isToken(wrong, token)).toBe(false);
  });

  it('of the environment must be secrets', () => {
    expect(givenToken({ BRACKET_TOKEN: 'x'.repeat(32) })).toBe('x'.repeat(32));
    expect(givenToken({ BRACKET_TOKEN: 'secret' })).toBeUndefined();
    expect(givenToken({ BRACKET_TOKEN: `${'x'.repeat(32)} ` })).toBeUndefined();
    expect(givenToken({})).toBeUndefined();
  });

  it('are read from their header', () => {
    expect(bearer({ authorization: 'Bearer abc_-1' })).toBe('abc_-1');
    expect(bearer({ authorization: 'Basic abc' })).toBeUndefined();
    expect(bearer({})).toBeUndefined();
  });
});

describe('the Host header', () => {
  it.each(['localhost:7400', 'localhost', '127.0.0.1:80', '[::1]:7400', 'LOCALHOST:1'])('may be %s', (host) => {
    expect(isOwnHost(host, '127.0.0.1')).toBe(true);
  });

  it.each([
    ...[
      'evil.example:7400',
      'localhost.evil.example',
      'evil.example@localhost',
      '127.0.0.1.nip.io',
      '192.168.1.5:7400',
    ],
    ...['', undefined, 'localhost:7400:1', 'localhost/x', '127.1', 'localhost, evil'],
  ])('may not be %s', (host) => {
    expect(isOwnHost(host, '127.0.0.1')).toBe(false);
  });

  it('may be an address in digits, or its own name, where the server listens to other machines', () => {
    expect(isOwnHost('192.168.1.5:7400', '0.0.0.0')).toBe(true);
    expect(isOwnHost('[fe80::1]:7400', '::')).toBe(true);
    expect(isOwnHost('gpu.lab', 'gpu.lab')).toBe(true);
    expect(isOwnHost('evil.example', '0.0.0.0')).toBe(false);
  });
});

it('pages of other sites and of other ports have another origin', () => {
  const host = 'localhost:7400';
  expect(isOwnOrigin({ host })).toBe(true);
  expect(isOwnOrigin({ host, origin: 'http://localhost:7400' })).toBe(true);
  expect(isOwnOrigin({ host, origin: 'https://localhost:7400' })).toBe(true);
  for (const origin of ['http://localhost:7401', 'http://evil.example', 'null', 'http://localhost', ''])
    expect(isOwnOrigin({ host, origin })).toBe(false);
});

it('a browser is opened only where there is a screen', () => {
  expect(hasScreen({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasScreen({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasScreen({}, 'linux')).toBe(false);
  expect(hasScreen({}, 'darwin')).toBe(true);
  expect(hasScreen({ SSH_CONNECTION: '1' }, 'darwin')).toBe(false);
});
