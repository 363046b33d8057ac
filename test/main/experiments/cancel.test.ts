import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { experimentFor, MemoryJournal, type KeptFile } from '../../../src/main/experiments';
import { openDevice } from '../../../src/main/tensor/devices';
import type { Device, Program } from '../../../src/main/tensor/types';
import { parseRunFile } from '../../../src/shared/runFile';
import { lg2 } from '../../support/linearModel';
import { perDatum, workbench } from '../../support/runs';

const bench = workbench();
const model = bench.linear(lg2);
const draft = {
  kind: 'mutual-information',
  model,
  data: { simulate: 4 },
  ais: { chains: 2, temperatures: 30, leapfrog: 2, coupledUpper: true },
  iwae: { samples: 20 },
};

/** The device, counting programs that live and runs that start. */
async function counting(): Promise<{ device: Device; alive: () => number; runs: () => number }> {
  const inner = await openDevice('cpu');
  let [alive, runs] = [0, 0];
  const device: Device = {
    name: inner.name,
    compile: async (fn, options) => {
      const program = await inner.compile(fn, options);
      alive += 1;
      let open = true;
      const counted: Program = {
        ...program,
        run: (feeds, into) => {
          runs += 1;
          return program.run(feeds, into);
        },
        dispose: async () => {
          if (open) alive -= 1;
          open = false;
          await program.dispose();
        },
      };
      return counted;
    },
  };
  return { device, alive: () => alive, runs: () => runs };
}

describe('stopping a run', () => {
  it('makes at most one step more and frees every program, wherever it is stopped', async () => {
    const spec = parseRunFile(draft, 'run.json');
    const { device, alive, runs } = await counting();
    const context = { device, directory: bench.directory, signal: new AbortController().signal, seconds: () => 0 };
    for (const stop of [1, 2, 3, 5, 40, 250, 290, 320, 333]) {
      const experiment = experimentFor(spec, { ...context, journal: new MemoryJournal() });
      for (let count = 0; count < stop; count += 1) {
        const before = runs();
        expect((await experiment.next()).done, `step ${count} of ${stop}`).toBe(false);
        // Between two chances to stop lies one transition, after loading and around a change of stage a few evaluations.
        expect(runs() - before).toBeLessThanOrEqual(4);
      }
      const before = runs();
      await experiment.return(undefined as never);
      expect(runs()).toBe(before);
      expect(alive(), `after ${stop} steps`).toBe(0);
    }
  });

  it('frees every program at the end of a run and of a failed one', async () => {
    const { device, alive } = await counting();
    const run = async (more: object): Promise<void> => {
      const spec = parseRunFile({ ...draft, ...more }, 'run.json');
      const signal = new AbortController().signal;
      const experiment = experimentFor(spec, {
        device,
        directory: bench.directory,
        signal,
        journal: new MemoryJournal(),
        seconds: () => 0,
      });
      while ((await experiment.next()).done !== true);
    };
    await run({});
    expect(alive()).toBe(0);
    const wrong = { type: 'gaussian', mean: [0, 0, 0], std: 1 };
    await expect(run({ iwae: { samples: 2, proposal: wrong } })).rejects.toThrow(/iwae\.proposal/);
    expect(alive()).toBe(0);
  });

  it('ends as cancelled, at once, when the signal says so', async () => {
    const controller = new AbortController();
    let events = 0;
    const result = await bench.run(
      { ...draft, ais: { ...draft.ais, temperatures: 100_000 } },
      {
        signal: controller.signal,
        onEvent: () => {
          events += 1;
          if (events === 300) controller.abort();
        },
      },
    );
    expect(events).toBe(300);
    expect(result).toMatchObject({ status: 'cancelled', error: 'The run was cancelled.', bounds: [] });
  });

  it('a signal given before the start is heeded too', async () => {
    const result = await bench.run(draft, { signal: AbortSignal.abort() });
    expect(result.status).toBe('cancelled');
  });
});

/** Everything that is trained, in little: 60 updates of a proposal with refinement, 40 of each critic. */
const learning = {
  ...draft,
  estimators: ['im-ais', 'ba', 'iwae', 'infonce', 'giwae', 'ibal', 'mine-dv'],
  proposals: [{ type: 'network', name: 'q', hidden: [8], iterations: 40, refine: 20, batch: 16 }],
  critics: [
    { type: 'network', name: 'dv', objective: 'mine-dv', hidden: [8], iterations: 40, batch: 16 },
    { type: 'network', name: 'energy', hidden: [8], iterations: 40, batch: 16, transitions: 2, leapfrog: 2 },
    {
      ...{ type: 'network', name: 'contrast', objective: 'giwae', base: 'q', trainBase: true },
      ...{ hidden: [8], iterations: 40, batch: 16, samples: 4 },
    },
  ],
  ais: { chains: 2, temperatures: 6, leapfrog: 2, initial: ['prior', { type: 'proposal', name: 'q' }], stepSize: 0.2 },
  iwae: { samples: [5, 20], proposal: { type: 'proposal', name: 'q' } },
  contrastive: { samples: [5, 10] },
};

describe('a run that trains networks', () => {
  it('frees every program, wherever it is stopped', async () => {
    const spec = parseRunFile(learning, 'run.json');
    const { device, alive } = await counting();
    const context = { device, directory: bench.directory, signal: new AbortController().signal, seconds: () => 0 };
    for (const stop of [30, 61, 120, 190]) {
      const experiment = experimentFor(spec, { ...context, journal: new MemoryJournal() });
      for (let count = 0; count < stop; count += 1) {
        expect((await experiment.next()).done, `step ${count} of ${stop}`).toBe(false);
      }
      await experiment.return(undefined as never);
      expect(alive(), `after ${stop} steps`).toBe(0);
    }
  });
});

describe('a run that was interrupted', () => {
  it('goes on with its training and ends with the same bits and the same files, wherever it was interrupted', async () => {
    const keep = ({ name, bytes }: KeptFile) => {
      return { name, path: '', sha256: createHash('sha256').update(bytes).digest('hex') };
    };
    const whole = await bench.run(learning, { keep });
    expect(whole.artifacts.map(({ name }) => name)).toEqual(
      ['q', 'dv', 'energy', 'contrast'].map((name) => `${name}.safetensors`),
    );
    for (const stop of [20, 41, 62, 90, 150, 190]) {
      const controller = new AbortController();
      const journal = new MemoryJournal();
      let events = 0;
      let content = journal.content();
      const first = await bench.run(learning, {
        journal,
        signal: controller.signal,
        onEvent: () => {
          events += 1;
          if (events < stop) return;
          content = structuredClone(journal.content());
          controller.abort();
        },
      });
      expect(first.status, `stopped at ${stop}`).toBe('cancelled');
      const second = await bench.run(learning, { journal: new MemoryJournal(content), keep });
      expect(second.bounds, `stopped at ${stop}`).toEqual(whole.bounds);
      expect(second.artifacts, `stopped at ${stop}`).toEqual(whole.artifacts);
      expect(second.series).toEqual(whole.series);
    }
  });

  it('goes on from its journal and ends with the same bits, wherever it was interrupted', async () => {
    const whole = await bench.run(draft);
    // The 240 transitions of the pilot begin after the importance samples.
    for (const stop of [1, 3, 4, 100, 246, 260, 285, 310, 332]) {
      const journal = new MemoryJournal();
      const controller = new AbortController();
      let events = 0;
      let content = journal.content();
      const first = await bench.run(draft, {
        journal,
        signal: controller.signal,
        onEvent: () => {
          events += 1;
          if (events < stop) return;
          // As it is written to a file and read back.
          content = structuredClone(journal.content());
          controller.abort();
        },
      });
      expect(first.status, `stopped at ${stop}`).toBe('cancelled');
      const second = await bench.run(draft, { journal: new MemoryJournal(content) });
      expect(second.bounds, `stopped at ${stop}`).toEqual(whole.bounds);
      expect(second.perDatum).toEqual(whole.perDatum);
      const { gradientEvaluations, acceptance } = whole.diagnostics;
      expect(second.diagnostics).toMatchObject({ gradientEvaluations, acceptance });
    }
    expect(perDatum(whole, 'im-ais', 'lower')).toHaveLength(4);
  });
});
