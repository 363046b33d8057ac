import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../../src/main/resources/packageRoot';

const { directory } = packageRoot();
const built = existsSync(join(directory, 'out', 'main', 'taskProcess.js'));

interface Ended {
  readonly code: number | null;
  readonly err: string;
}

describe.skipIf(!built)('bracket serve, built', () => {
  let home: string;
  const children: ChildProcess[] = [];

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'bracket-program-'));
  });
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  });

  function serve(...more: string[]): { child: ChildProcess; line: Promise<string>; ended: Promise<Ended> } {
    const args = [join(directory, 'bin', 'bracket.js'), 'serve', '--no-open', '--port', '0', ...more];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, BRACKET_HOME: home, BRACKET_TOKEN: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let err = '';
    child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
    const lines = createInterface({ input: child.stdout });
    const line = new Promise<string>((resolve) => lines.once('line', resolve));
    const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, err })));
    return { child, line, ended };
  }

  it.each(['SIGINT', 'SIGTERM'] as const)('prints one address, answers there, and ends on %s', async (signal) => {
    const { child, line, ended } = serve();
    const text = await line;
    const url = new URL(/^Bracket is open at (\S+)$/.exec(text)?.[1] ?? text);
    expect(url.hostname).toBe('127.0.0.1');
    const token = url.searchParams.get('token') ?? '';
    const ask = (authorization: string): Promise<Response> =>
      fetch(new URL('/session', url), { headers: { authorization } });
    expect((await ask(`Bearer ${token}`)).status).toBe(200);
    expect((await ask('Bearer x')).status).toBe(401);
    child.kill(signal);
    expect(await ended).toEqual({ code: 0, err: '' });
  });

  it('does not share a data folder', async () => {
    const first = serve();
    await first.line;
    const { code, err } = await serve().ended;
    expect(code).toBe(2);
    expect(err).toMatch(/^bracket: .*another Bracket is open on this data folder.*\n$/);
    first.child.kill('SIGTERM');
    await first.ended;
  });

  it.each([
    ['--port', 'http', /--port: "http" is no port/],
    ['--folder', '/nowhere/at/all', /--folder: \/nowhere\/at\/all is no folder/],
  ])('says what is wrong with %s %s', async (option, value, sentence) => {
    const { code, err } = await serve(option, value).ended;
    expect(code).toBe(2);
    expect(err).toMatch(sentence);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});
