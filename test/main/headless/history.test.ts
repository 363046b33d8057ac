import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportCommand } from '../../../src/main/headless/exportCommand';
import { History, tryHistory } from '../../../src/main/headless/history';
import { resumeCommand } from '../../../src/main/headless/resumeCommand';
import { runCommand } from '../../../src/main/headless/runCommand';
import { runsCommand } from '../../../src/main/headless/runsCommand';
import { showCommand } from '../../../src/main/headless/showCommand';
import { endRun, getRow, getRun, insertRun, listRuns, setProgress, setStatus } from '../../../src/main/store';
import type { RunEvent } from '../../../src/main/experiments';
import type { DriveOptions } from '../../../src/main/runs/driver';
import type { Result } from '../../../src/shared/result';
import { fakeTerminal } from '../../support/fakeTerminal';
import { glyphsDirectory, glyphsSpec, timeless } from '../../support/glyphs';
import { sampleResult } from '../../support/sampleResult';
import { fillDisk, temporaryStore, type TemporaryStore } from '../../support/stores';

let temporary: TemporaryStore;
let folder: string;
let file: string;
let json: string;

beforeEach(() => {
  temporary = temporaryStore();
  folder = mkdtempSync(join(tmpdir(), 'bracket-history-'));
  file = join(folder, 'run.json');
  json = join(folder, 'result.json');
  const spec = glyphsSpec();
  const model = { ...spec.model, checkpoint: join(glyphsDirectory, spec.model.checkpoint) };
  writeFileSync(file, JSON.stringify({ ...spec, model }));
});
afterEach(() => {
  temporary.remove();
  rmSync(folder, { recursive: true, force: true });
});

const loadExecute = async () => (await import('../../../src/main/runs/execute')).execute;

/** Runs the file or goes on with a run, as the program does; `stopAt` is the event at which Ctrl-C comes. */
async function compute(id: string | undefined, stopAt = Infinity, set: string[] = []) {
  const terminal = fakeTerminal();
  const history = new History(temporary.again(), terminal, loadExecute);
  let press: () => void = () => undefined;
  let events = 0;
  const interrupts = (stop: () => void) => {
    press = stop;
    return { release: () => undefined };
  };
  const counted = (onEvent: DriveOptions['onEvent']) => (event: RunEvent) => {
    if (++events === stopAt) press();
    onEvent?.(event, 0);
  };
  const isPaused = (run: string) => history.isPaused(run);
  try {
    const code =
      id === undefined
        ? await runCommand(
            file,
            { json, set },
            {
              ...{ terminal, interrupts, isPaused },
              drive: (spec, options) => history.start(spec, { ...options, onEvent: counted(options.onEvent) }),
            },
          )
        : await resumeCommand(id, { json }, history, { terminal, interrupts });
    return { code, out: terminal.out.text, err: terminal.err.text };
  } finally {
    history.close();
  }
}

const result = () => JSON.parse(readFileSync(json, 'utf8')) as Result;

describe('bracket run and bracket resume', () => {
  it('keep a run, and go on with it where Ctrl-C stopped it, with the same numbers', async () => {
    expect(await compute(undefined)).toMatchObject({ code: 0, err: '' });
    const whole = result();
    expect(listRuns(temporary.store)).toMatchObject([{ id: whole.run, status: 'done', progress: 1 }]);
    expect(JSON.parse(JSON.stringify(getRun(temporary.store, whole.run).result))).toEqual(whole);

    const stopped = await compute(undefined, 300);
    const [{ id } = { id: '' }] = listRuns(temporary.store);
    expect(stopped).toEqual({
      code: 1,
      out: '',
      err: `bracket: Paused; go on with: bracket resume ${id.slice(0, 8)}\n`,
    });
    expect(result()).toMatchObject({ run: id, status: 'cancelled' });
    expect(getRow(temporary.store, id).status).toBe('paused');
    expect(existsSync(temporary.store.snapshot(id))).toBe(true);

    const resumed = await compute(id.slice(0, 6));
    expect(resumed).toMatchObject({ code: 0, err: '' });
    expect(resumed.out).toContain('I(x; z) is ');
    expect(timeless(result())).toEqual(timeless(whole));
    expect(existsSync(temporary.store.snapshot(id))).toBe(false);
    await expect(compute(id)).rejects.toThrow(/cannot be resumed: it is done\. See "bracket show"/);
  });

  it('leave no trace of a run that asks for something impossible', async () => {
    await expect(compute(undefined, Infinity, ['model.checkpoint=gone.pth'])).rejects.toThrow(
      /gone\.pth: no such file/,
    );
    expect(listRuns(temporary.store)).toEqual([]);
  });

  it('leave a run as it stood when its file is gone', async () => {
    const { store } = temporary;
    const spec = glyphsSpec();
    insertRun(store, { id: 'abc', spec, directory: folder });
    setStatus(store, 'abc', 'paused');
    await expect(compute('abc')).rejects.toThrow(/glyphs-vae\.safetensors: no such file/);
    expect(getRow(store, 'abc')).toMatchObject({
      status: 'paused',
      error: expect.stringContaining('no such file') as string,
    });
  });

  it('go on without the history when its disk is full', async () => {
    const terminal = fakeTerminal();
    const store = temporary.again();
    const history = new History(store, terminal, loadExecute);
    let filled = false;
    const { run } = await history.start(glyphsSpec(), {
      directory: glyphsDirectory,
      onEvent: () => {
        if (!filled) fillDisk(store);
        filled = true;
      },
    });
    history.close();
    expect(run).toMatch(/^[0-9a-f-]{36}$/);
    expect(history.isKept(run)).toBe(false);
    expect(terminal.err.text.match(/^bracket: The run goes on without being kept\. .*full disk/gm)).toHaveLength(1);
  });

  it('go on without a history that cannot be opened, with a line', () => {
    const terminal = fakeTerminal();
    writeFileSync(join(folder, 'bracket.db'), 'no database '.repeat(100));
    const before = process.env['BRACKET_HOME'];
    process.env['BRACKET_HOME'] = folder;
    try {
      expect(tryHistory(terminal, loadExecute)).toBeUndefined();
    } finally {
      if (before === undefined) delete process.env['BRACKET_HOME'];
      else process.env['BRACKET_HOME'] = before;
    }
    expect(terminal.err.text).toMatch(/^bracket: The run will not be kept in the history\. .* no database.*\n$/);
  });
});

/** Three runs: done, paused on its way, queued. */
function fill(): void {
  const { store } = temporary;
  for (const id of ['aaaa1111-0', 'aaaa2222-0', 'bbbb3333-0'])
    insertRun(store, { id, spec: glyphsSpec(), directory: '/' });
  endRun(store, 'aaaa1111-0', sampleResult({ run: 'aaaa1111-0' }));
  setProgress(store, 'aaaa2222-0', { progress: 0.416, stage: 'x', seconds: 5 });
  setStatus(store, 'aaaa2222-0', 'paused');
}

describe('bracket runs', () => {
  it('says how to begin', () => {
    const terminal = fakeTerminal();
    expect(runsCommand(temporary.store, { limit: '20' }, terminal)).toBe(0);
    expect(terminal.out.text).toBe('There are no runs yet. "bracket run demo" is a first one.\n');
  });

  it('lists the newest first, within 80 columns', () => {
    fill();
    const terminal = fakeTerminal();
    runsCommand(temporary.store, { limit: '2' }, terminal);
    const lines = terminal.out.text.split('\n');
    expect(lines[0]).toMatch(/^id +name +status +model +bracket +gap +when$/);
    expect(lines[1]).toMatch(/^bbbb3333 +Mutual.*queued +glyphs-vae +— +— +just now$/);
    expect(lines[2]).toMatch(/^aaaa2222 .* paused 41 % /);
    expect(lines[3]).toBe('… and 1 older; see --limit.');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    terminal.out.text = '';
    runsCommand(temporary.store, { limit: '20' }, terminal);
    expect(terminal.out.text).toMatch(/aaaa1111 .* done .* 24\.84 … 24\.86 +0\.015 /);
  });

  it('prints JSON, and refuses a limit that is none', () => {
    fill();
    const terminal = fakeTerminal();
    runsCommand(temporary.store, { limit: '1', json: true }, terminal);
    expect(JSON.parse(terminal.out.text)).toMatchObject([{ id: 'bbbb3333-0', status: 'queued' }]);
    expect(() => runsCommand(temporary.store, { limit: 'all' }, terminal)).toThrow(/^--limit: "all" is not a number/);
  });
});

describe('bracket show', () => {
  const show = (run: string, options = {}) => {
    const terminal = fakeTerminal();
    showCommand(temporary.store, run, options, terminal);
    return terminal.out.text;
  };

  it('prints the report of a run again', () => {
    fill();
    expect(show('aaaa1')).toContain('I(x; z) is between 24.841 and 24.856 nats');
    expect(JSON.parse(show('aaaa1', { json: true }))).toMatchObject({ run: 'aaaa1111-0', status: 'done' });
  });

  it('prints what a run has so far, and how to go on', () => {
    fill();
    expect(show('aaaa2')).toContain('Mutual information of glyphs-vae (paused)');
    expect(show('aaaa2')).toContain('41 % done. Go on with: bracket resume aaaa2222');
  });

  it('refuses ids that mean none or several', () => {
    fill();
    expect(() => show('aaaa')).toThrow('aaaa: several runs begin like this. Give more characters of the id.');
    expect(() => show('cccc')).toThrow('cccc: there is no such run. See "bracket runs" for their ids.');
    expect(() => show("' or 1=1")).toThrow(/there is no such run/);
  });
});

describe('bracket export', () => {
  const exported = async (format: string, ...runs: string[]) => {
    const terminal = fakeTerminal();
    await exportCommand(temporary.store, runs, { format, output: '-' }, terminal);
    return terminal.out.text;
  };

  it('writes a row for each bound', async () => {
    fill();
    const [header, ...rows] = (await exported('csv', 'aaaa1', 'aaaa2')).trimEnd().split('\r\n');
    expect(header).toBe(
      'run,name,status,kind,model,data,device,seed,temperatures,chains,quantity,estimator,side,value_nats,value_ci95_nats,n,seconds,' +
        'base,critic,samples,ba_nats,contrastive_nats,bound_seconds,information,method',
    );
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatch(/^aaaa1111-0,.*,mi,cr-ais,lower,24\.8412,2\.04,32,200\.4,,,,,,,joint density,$/);
  });

  it('writes a table for a paper', async () => {
    fill();
    expect(await exported('tex', 'aaaa1')).toContain(String.raw`$24.8 \pm 2.0$ & CR-AIS & $24.9 \pm 2.0$ & IM-AIS`);
  });

  it('writes every bound of a run as a table for a paper', async () => {
    fill();
    const table = await exported('tex-bounds', 'aaaa1');
    expect(table).toContain(String.raw`Quantity & Estimator & Uses & Lower (nats) & Upper (nats) \\`);
    expect(table).toContain(String.raw`I(x; z) & CR-AIS & joint density & $24.8 \pm 2.0$ & -- \\`);
  });

  it('says what to cite, each once', async () => {
    fill();
    const keys = [...(await exported('bib', 'aaaa1', 'aaaa2')).matchAll(/^@\w+\{(\w+),$/gm)].map(([, key]) => key);
    expect(keys).toEqual([
      'brekelmans2022improving',
      'burda2016importance',
      'neal2001annealed',
      'sobolev2019importance',
    ]);
  });

  it('writes a file, and refuses formats that are none', async () => {
    fill();
    const output = join(folder, 'table.tex');
    await exportCommand(temporary.store, ['aaaa1'], { format: 'tex', output }, fakeTerminal());
    expect(readFileSync(output, 'utf8')).toContain('\\toprule');
    await expect(exported('toString', 'aaaa1')).rejects.toThrow(/^--format: "toString" is not a format/);
  });
});
