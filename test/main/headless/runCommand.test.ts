import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand, type RunCommandServices, type RunOptions } from '../../../src/main/headless/runCommand';
import { resultSchema, type Result } from '../../../src/shared/result';
import type { RunFile } from '../../../src/shared/runFile';
import { fakeTerminal } from '../../support/fakeTerminal';
import { sampleResult } from '../../support/sampleResult';

const runFile = { kind: 'mutual-information', model: { checkpoint: 'vae.pth' }, data: { simulate: 8 } };
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bracket-run-'));
  file = join(folder, 'run.json');
  writeFileSync(file, JSON.stringify(runFile));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command with an engine that returns at once what it is told to. */
async function run(given: string, options: RunOptions = {}, result: Result = sampleResult()) {
  const terminal = fakeTerminal();
  const driven: { spec: RunFile; directory: string }[] = [];
  const drive: RunCommandServices['drive'] = async (spec, { directory }) => {
    driven.push({ spec, directory });
    return result;
  };
  const code = await runCommand(given, options, { terminal, drive, interrupts: () => ({ release: () => undefined }) });
  return { code, driven, out: terminal.out.text, err: terminal.err.text };
}

async function refusal(given: string, options: RunOptions = {}): Promise<string> {
  return run(given, options).then(
    () => 'was accepted',
    (error: unknown) => (error as Error).message,
  );
}

describe('bracket run', () => {
  it('runs a run file and prints a report', async () => {
    const { code, driven, out, err } = await run(file);
    expect(code).toBe(0);
    expect(driven).toEqual([
      {
        spec: expect.objectContaining({ kind: 'mutual-information', seed: 0, device: 'cpu' }) as RunFile,
        directory: folder,
      },
    ]);
    expect(out).toContain('I(x; z) is between 24.841 and 24.856 nats');
    expect(err).toBe('');
  });

  it('applies --set before the options of their own', async () => {
    const { driven } = await run(file, {
      set: ['ais.chains=3', 'seed=1', 'device=cuda'],
      seed: '7',
      device: 'reference',
    });
    expect(driven[0]?.spec).toMatchObject({ ais: { chains: 3 }, seed: 7, device: 'reference' });
  });

  it('writes the result as JSON, whole', async () => {
    const json = join(folder, 'out.json');
    const { code, out } = await run(file, { json });
    expect(code).toBe(0);
    expect(out).toContain('nats');
    const written: unknown = JSON.parse(readFileSync(json, 'utf8'));
    expect(resultSchema.parse(written)).toEqual(sampleResult());
    expect(Object.keys(written as object)).toEqual(
      expect.arrayContaining(['run', 'kind', 'spec', 'device', 'status', 'seconds', 'bounds']),
    );
    expect(readdirSync(folder).sort()).toEqual(['out.json', 'run.json']);
  });

  it('prints only JSON when it goes to standard output', async () => {
    const { out } = await run(file, { json: '-' });
    expect(JSON.parse(out)).toEqual(sampleResult());
  });

  it.each(['failed', 'cancelled'] as const)(
    'ends with 1 when the run has %s, and still writes JSON',
    async (status) => {
      const json = join(folder, 'out.json');
      const error = 'All chains diverged at β = 0.31.\nUse more temperatures.';
      const { code, err } = await run(file, { json }, sampleResult({ status, error }));
      expect(code).toBe(1);
      expect(err).toBe('bracket: All chains diverged at β = 0.31. Use more temperatures.\n');
      expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ status });
    },
  );

  it.each([false, true])('ends with 1 when the result cannot be written after all, kept: %s', async (kept) => {
    const place = join(folder, 'place');
    mkdirSync(place);
    const terminal = fakeTerminal();
    const drive = async () => {
      rmSync(place, { recursive: true });
      return sampleResult();
    };
    const services = { terminal, drive, isKept: () => kept, interrupts: () => ({ release: () => undefined }) };
    expect(await runCommand(file, { json: join(place, 'out.json') }, services)).toBe(1);
    const where = kept ? 'kept; print it with: bracket show 00000000 --json' : 'printed instead.';
    expect(terminal.err.text).toBe(
      `bracket: ${join(place, 'out.json')} could not be written: its folder is gone. The result is ${where}\n`,
    );
    const [report = '', json = ''] = terminal.out.text.split(/(?=^\{$)/m);
    expect(report).toContain('nats');
    if (kept) expect(json).toBe('');
    else expect(JSON.parse(json)).toEqual(sampleResult());
  });

  it('cancels the run when it is interrupted', async () => {
    let interrupt = () => undefined as void;
    let released = false;
    const drive: RunCommandServices['drive'] = async (_spec, { signal }) => {
      expect(signal?.aborted).toBe(false);
      interrupt();
      return sampleResult({ status: signal?.aborted === true ? 'cancelled' : 'done', error: 'The run was cancelled.' });
    };
    const interrupts: RunCommandServices['interrupts'] = (stop) => {
      interrupt = stop;
      return { release: () => (released = true) };
    };
    expect(await runCommand(file, {}, { terminal: fakeTerminal(), drive, interrupts })).toBe(1);
    expect(released).toBe(true);
  });
});

describe('what bracket run refuses before it starts', () => {
  it.each<[RunOptions, string]>([
    [{ device: 'gpu' }, '--device: "gpu" is not a device. Did you mean "cpu"? The devices are cpu, webgpu,'],
    [{ seed: '-1' }, '--seed: "-1" is not a seed. Give a whole number from 0 to 9007199254740991.'],
    [{ seed: '1.5' }, '--seed: "1.5" is not a seed.'],
    [{ seed: '9007199254740993' }, 'is not a seed.'],
    [{ set: ['ais.chains=0'] }, 'ais.chains is 0. It must be at least 1.'],
    [{ set: ['ais.chain=4'] }, 'ais.chain is not a field. Did you mean "chains"?'],
    [{ set: ['__proto__.a=4'] }, '--set __proto__.a: "__proto__" cannot be set.'],
    [
      { json: '/no/such/folder/out.json' },
      '/no/such/folder/out.json: the folder /no/such/folder does not exist. Make it,',
    ],
  ])('%j', async (options, message) => {
    expect(await refusal(file, options)).toContain(message);
  });

  it('a folder or a file in the place of a folder', async () => {
    expect(await refusal(file, { json: folder })).toBe(`${folder}: this is a folder. Name a file in it.`);
    expect(await refusal(file, { json: join(file, 'out.json') })).toContain('does not exist');
  });

  it.skipIf(process.getuid?.() === 0)('a folder that may not be written', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    expect(await refusal(file, { json: join(closed, 'out.json') })).toContain('is not writable');
  });

  it('files that are missing, folders, no JSON or too large', async () => {
    expect(await refusal(join(folder, 'none.json'))).toBe(
      `${join(folder, 'none.json')}: no such file. Check the path.`,
    );
    expect(await refusal(`${folder}/`)).toContain('this is a folder');
    writeFileSync(file, '{"kind": }');
    expect(await refusal(file)).toBe(
      `${file}: is not JSON: line 1, column 10, "}" where a value should stand. Mend it there.`,
    );
    writeFileSync(file, Buffer.from([0xff, 0xfe, 0x7b]));
    expect(await refusal(file)).toContain('is not UTF-8 text');
    writeFileSync(file, Buffer.alloc(50_000_000, ' '));
    expect(await refusal(file)).toContain('more than the 4194304 allowed');
  });
});

it('reads a run file with a byte order mark', async () => {
  writeFileSync(file, `\uFEFF${JSON.stringify(runFile)}`);
  expect((await run(file)).code).toBe(0);
  expect(existsSync(file)).toBe(true);
});
