import { describe, expect, it } from 'vitest';
import { runProgram, type Commands } from '../../../src/main/headless/program';
import { InputError } from '../../../src/shared/errors';
import { fakeTerminal } from '../../support/fakeTerminal';

/** Commands that write down how they were called. */
function commands(answer: () => number = () => 0): Commands & { readonly calls: unknown[][] } {
  const calls: unknown[][] = [];
  const note =
    (name: string) =>
    async (...args: unknown[]) => {
      calls.push([name, ...args]);
      return answer();
    };
  return {
    calls,
    run: note('run'),
    resume: note('resume'),
    runs: note('runs'),
    show: note('show'),
    export: note('export'),
    devices: note('devices'),
    recipes: note('recipes'),
    importModel: note('importModel'),
    serve: note('serve'),
  };
}

async function program(line: string, answer?: () => number, debug = false) {
  const terminal = fakeTerminal({ debug });
  const called = commands(answer);
  const code = await runProgram(line === '' ? [] : line.split(' '), called, '1.2.3', terminal);
  return { code, calls: called.calls, out: terminal.out.text, err: terminal.err.text };
}

describe('commands', () => {
  it.each([
    ['run a.json', ['run', 'a.json', { set: [], store: true }]],
    [
      'run demo --device cpu --seed 3 --json - --set a=1 --set b[0]=x=y',
      ['run', 'demo', { device: 'cpu', seed: '3', json: '-', set: ['a=1', 'b[0]=x=y'], store: true }],
    ],
    ['run --seed -1 demo', ['run', 'demo', { seed: '-1', set: [], store: true }]],
    ['run demo --no-store', ['run', 'demo', { set: [], store: false }]],
    ['resume ab12 --json -', ['resume', 'ab12', { json: '-' }]],
    ['runs', ['runs', { limit: '20' }]],
    ['runs --limit 3 --json', ['runs', { limit: '3', json: true }]],
    ['show ab12', ['show', 'ab12', {}]],
    ['export ab12 cd34 --format tex -o t.tex', ['export', ['ab12', 'cd34'], { format: 'tex', output: 't.tex' }]],
    ['devices', ['devices']],
    ['recipes', ['recipes']],
    ['models import vae.pth', ['importModel', 'vae.pth']],
  ])('%s', async (line, call) => {
    const { code, calls, err } = await program(line, () => 1);
    expect(calls).toEqual([call]);
    expect(code).toBe(1);
    expect(err).toBe('');
  });

  it('does not keep settings from one command line to the next', async () => {
    await program('run a --set a=1');
    expect((await program('run a')).calls).toEqual([['run', 'a', { set: [], store: true }]]);
  });
});

describe('help', () => {
  it.each(['', '--help', '-h'])('%j lists the commands, all of them and no others', async (line) => {
    const { code, out, err } = await program(line);
    expect(code).toBe(0);
    expect(err).toBe('');
    expect([...out.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name]) => name)).toEqual([
      'run',
      'resume',
      'runs',
      'show',
      'export',
      'devices',
      'models',
      'recipes',
      'serve',
    ]);
    expect(Math.max(...out.split('\n').map((text) => text.length))).toBeLessThanOrEqual(80);
  });
  it('knows its version', async () => {
    expect(await program('--version')).toMatchObject({ code: 0, out: '1.2.3\n' });
  });
  it('of a command', async () => {
    expect((await program('run --help')).out).toContain('--set <path=value>');
    expect((await program('models import --help')).out).toContain(
      'Inspect a checkpoint and print the model block for a run',
    );
  });
});

describe('command lines that are wrong', () => {
  it.each([
    ['rnu demo', `bracket: command line: unknown command 'rnu'. Did you mean run?`],
    ['frobnicate', `bracket: command line: unknown command 'frobnicate'. See "bracket --help".`],
    ['run demo --sed 3', `bracket: command line: unknown option '--sed'. Did you mean --seed, --set?`],
    ['run', `bracket: command line: missing required argument 'file|recipe'. See "bracket --help".`],
    [
      'run a b',
      `bracket: command line: too many arguments for 'run'. Expected 1 argument but got 2. See "bracket --help".`,
    ],
    ['run demo --seed', `bracket: command line: option '--seed <number>' argument missing. See "bracket --help".`],
    ['--bogus', `bracket: command line: unknown option '--bogus'. See "bracket --help".`],
    ['models', `bracket: command line: a command is missing. See "bracket --help".`],
    ['models improt a', `bracket: command line: unknown command 'improt'. Did you mean import?`],
    [
      'devices cpu',
      `bracket: command line: too many arguments for 'devices'. Expected 0 arguments but got 1. See "bracket --help".`,
    ],
    ['train', `bracket: command line: unknown command 'train'. See "bracket --help".`],
  ])('%s', async (line, complaint) => {
    expect(await program(line)).toMatchObject({ code: 2, out: '', err: `${complaint}\n`, calls: [] });
  });
});

describe('failures', () => {
  const fail = (error: unknown) => () => {
    throw error;
  };
  it('of the input end with 2 and one line', async () => {
    const error = new InputError('run.json', 'ais.chains is 0', 'It must be at least 1.');
    expect(await program('run a', fail(error))).toMatchObject({
      code: 2,
      err: 'bracket: run.json: ais.chains is 0. It must be at least 1.\n',
    });
  });
  it('of the program end with 1 and one line', async () => {
    expect(await program('run a', fail(new TypeError('x is not\na function')))).toMatchObject({
      code: 1,
      err: 'bracket: unexpected error: x is not a function. Set BRACKET_DEBUG=1 to see where.\n',
    });
    expect(await program('run a', fail('text'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('unexpected error: text.') as string,
    });
  });
  it('show where they happened only when asked', async () => {
    const error = new InputError('a', 'b', 'C.');
    expect((await program('run a', fail(error))).err).not.toContain('program.test');
    expect((await program('run a', fail(error), true)).err).toContain('program.test');
  });
});
