import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOutsideLink, isOwnAddress, mayHave, startAddress } from '../../../src/main/electron/address';
import { menuModel, type MenuEntry } from '../../../src/main/electron/menuModel';
import { filesIn } from '../../../src/main/electron/openFiles';
import { restartDelay } from '../../../src/main/electron/restarts';
import { fitWindow, parseWindowState, smallest } from '../../../src/main/electron/windowState';
import { contentSecurityPolicy } from '../../../src/main/resources/contentSecurity';

describe('navigation', () => {
  it.each([startAddress, 'app://bracket/#/runs/1', 'app://bracket/index.html?a=b'])('stays on %s', (address) => {
    expect(isOwnAddress(address)).toBe(true);
  });

  it.each([
    ...['https://bracket/', 'app://other/', 'app://bracket.evil/', 'app://bracket:81/', 'app://user@bracket/'],
    ...['file:///etc/passwd', 'javascript:alert(1)', 'data:text/html,x', 'about:blank', '', 'app:bracket'],
    'blob:app://bracket/1',
  ])('does not go to "%s"', (address) => {
    expect(isOwnAddress(address)).toBe(false);
  });

  it('gives the system nothing but plain links to the web', () => {
    expect(isOutsideLink('https://doi.org/10.1000/1')).toBe(true);
    for (const address of [
      ...['http://doi.org/', 'file:///bin/sh', 'smb://host/share', 'javascript:1', 'ms-settings:', ''],
      'https://user:password@doi.org/',
    ])
      expect(isOutsideLink(address)).toBe(false);
  });

  it('has pages ask for nothing but to copy', () => {
    expect(mayHave('clipboard-sanitized-write')).toBe(true);
    for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'clipboard-read', 'fileSystem'])
      expect(mayHave(permission)).toBe(false);
  });
});

it('the policy of the window lets nothing in from elsewhere', () => {
  const policy = contentSecurityPolicy({ nonce: 'n' });
  expect(policy).toBe(
    [
      ...[
        "default-src 'none'",
        "script-src 'self'",
        "style-src-elem 'self' 'nonce-n'",
        "style-src-attr 'unsafe-inline'",
      ],
      ...["img-src 'self' data: blob:", "font-src 'self'", "connect-src 'self'", "manifest-src 'self'"],
      ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
    ].join('; '),
  );
});

describe('the menu', () => {
  const entriesOf = (platform: NodeJS.Platform, development = false): MenuEntry[] =>
    menuModel(platform, development).flatMap(({ entries }) => entries);

  it.each(['darwin', 'linux', 'win32'] as const)('of %s has accelerators that do not collide', (platform) => {
    const accelerators = entriesOf(platform).flatMap((entry) =>
      entry.type === 'command' && entry.accelerator !== undefined ? [entry.accelerator] : [],
    );
    expect(new Set(accelerators).size).toBe(accelerators.length);
    expect(accelerators).toContain('CmdOrCtrl+K');
    const labels = menuModel(platform, false).map(({ label }) => label);
    expect(labels.includes('Bracket')).toBe(platform === 'darwin');
  });

  it.each(['darwin', 'linux'] as const)('of %s reaches every place, and quits', (platform) => {
    const entries = entriesOf(platform);
    const places = entries.flatMap((entry) =>
      entry.type === 'command' && typeof entry.command === 'object' && entry.command.type === 'go'
        ? [entry.command.to]
        : [],
    );
    expect(new Set(places)).toEqual(new Set(['/runs', '/runs/new', '/models', '/data', '/recipes', '/settings']));
    expect(entries).toContainEqual({ type: 'role', role: 'quit' });
  });

  it('has tools for developers only for them', () => {
    const tools = { type: 'role', role: 'toggleDevTools' };
    expect(entriesOf('linux', true)).toContainEqual(tools);
    expect(entriesOf('linux')).not.toContainEqual(tools);
  });
});

describe('files in a command line', () => {
  const found = (...argv: string[]): string[] => filesIn(argv, '/home/me', (path) => !path.includes('missing'));

  it('are those that the window can take', () => {
    expect(found('vae.pth', '--flag=x.pth', '/data/train-images-idx3-ubyte.gz', 'notes.txt', 'run.json')).toEqual(
      ['vae.pth', '/data/train-images-idx3-ubyte.gz', 'run.json'].map((path) => resolve('/home/me', path)),
    );
  });

  it('that are not there are left out, and names may look like flags behind "--"', () => {
    expect(found('missing.pth', '--', '-odd.npz')).toEqual([resolve('/home/me', '-odd.npz')]);
  });
});

describe('the place of the window', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1040 };
  const right = { x: 1920, y: 0, width: 1280, height: 1000 };

  it('is the usual one when nothing sound is remembered', () => {
    for (const text of [undefined, '', '{', '{"width":"a"}', '[]', '{"width":-1,"height":5,"maximized":false}'])
      expect(parseWindowState(text)).toEqual({ width: 1280, height: 800, maximized: false });
  });

  it('is where it was', () => {
    const state = { x: 2000, y: 50, width: 1000, height: 700, maximized: true };
    expect(fitWindow(parseWindowState(JSON.stringify(state)), [screen, right])).toEqual(state);
  });

  it('is the middle when its screen is gone', () => {
    const state = { x: 2000, y: 50, width: 1000, height: 700, maximized: false };
    expect(fitWindow(state, [screen])).toEqual({ width: 1000, height: 700, maximized: false });
    expect(fitWindow({ ...state, x: 100, y: -500 }, [screen])).not.toHaveProperty('x');
  });

  it('fits the screen, and is never too small to use', () => {
    expect(fitWindow({ x: 0, y: 0, width: 9000, height: 9000, maximized: false }, [screen])).toMatchObject({
      width: 1920,
      height: 1040,
    });
    expect(fitWindow({ x: 0, y: 0, width: 1, height: 1, maximized: false }, [screen])).toMatchObject(smallest);
  });
});

it('an engine that crashes is started again, later each time, and not without end', () => {
  expect(restartDelay([1000], 1000)).toBe(250);
  expect(restartDelay([0, 500, 1000], 1000)).toBe(4000);
  expect(restartDelay([0, 500, 800, 1000], 1000)).toBeNull();
  expect(restartDelay([0, 500, 800, 100_000], 100_000)).toBe(250);
});
