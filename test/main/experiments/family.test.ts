import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { KeptFile } from '../../../src/main/experiments';
import type { Bound, Result } from '../../../src/shared/result';
import { mutualInformation, randomLinear } from '../../support/linearModel';
import { contradicts, estimate } from '../../support/moments';
import { workbench } from '../../support/runs';

const bench = workbench();
const linear = randomLinear(3, 8, 5);
const information = mutualInformation(linear);
const seeds = Array.from({ length: 20 }, (_, seed) => seed + 1);
const chains = 4;
const samples = 8;
const q = { type: 'proposal', name: 'q' };

const draft = {
  data: { simulate: 32 },
  estimators: [
    ...['im-ais', 'cr-ais', 'bdmc', 'ais', 'ir-ais', 'ba', 'iwae', 'riwae', 's-infonce'],
    ...['infonce', 'giwae', 'ibal', 'mine-dv', 'mine-f', 'gmine-dv', 'gmine-f'],
  ],
  ais: {
    chains,
    temperatures: 30,
    leapfrog: 4,
    initial: ['prior', q],
    stepSize: 0.25,
    coupledUpper: true,
    subsets: [2],
  },
  iwae: { samples, proposal: ['prior', q] },
  contrastive: { samples },
};
const network = { type: 'network', hidden: [24], batch: 64, learningRate: 3e-3, decay: 'cosine' };
const learned = {
  proposals: [{ ...network, name: 'q', iterations: 300 }],
  critics: [
    { ...network, name: 'contrast', objective: 'infonce', iterations: 150 },
    { ...network, name: 'energy', objective: 'mine-ais', iterations: 100, transitions: 3, leapfrog: 5, stepSize: 0.1 },
    { ...network, name: 'joint', objective: 'giwae', base: 'q', samples: 8, iterations: 100 },
  ],
};

/** One bound over the seeds, with log p(x)'s own noise taken out as far as it can be. */
interface Line extends Pick<Bound, 'estimator' | 'side' | 'base' | 'critic' | 'samples' | 'quantity'> {
  readonly values: number[];
}

/**
 * Every estimator of the family in one run file, on a model whose mutual information is known, with networks that one run trains and
 * the others load. What must hold in expectation is tested over 20 seeds at 4 standard errors: one side of one tight bound is rejected
 * by chance once in 30,000 times, the hundred of them together once in 300, and most bounds are far from tight. What must hold
 * sample by sample is tested in every run.
 */
describe('the whole family on a linear-Gaussian model', () => {
  let trained: Result;
  let results: Result[] = [];
  let truths: number[];
  let lines: Line[];

  beforeAll(async () => {
    const model = bench.linear(linear);
    const keep = ({ name, bytes }: KeptFile) => ({
      name,
      path: bench.file(name, bytes),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    trained = await bench.run({ ...draft, ...learned, model, seed: 0 }, { keep });
    const saved = (list: readonly { readonly name: string; readonly base?: string }[]) =>
      list.map(({ name, base }) => ({
        ...{ type: 'saved', name, file: `${name}.safetensors` },
        ...(base === undefined ? {} : { base }),
      }));
    const kept = { proposals: saved(learned.proposals), critics: saved(learned.critics) };
    results = [];
    for (const seed of seeds) results.push(await bench.run({ ...draft, ...kept, model, seed }));
    truths = results.map((result) => result.metrics['truthOfData'] as number);
    lines = (results[0]?.bounds ?? []).map(({ estimator, side, base, critic, samples: count, quantity }, index) => ({
      ...{ estimator, side, quantity },
      ...(base === undefined ? {} : { base }),
      ...(critic === undefined ? {} : { critic }),
      ...(count === undefined ? {} : { samples: count }),
      values: results.map((result) => result.bounds[index]?.value ?? Number.NaN),
    }));
  }, 120_000);

  const pick = (estimator: string, side: Bound['side'], more: Partial<Line> = {}): number[] => {
    const found = lines.filter(
      (line) =>
        line.estimator === estimator &&
        line.side === side &&
        line.quantity === (more.quantity ?? 'mi') &&
        (['base', 'critic', 'samples'] as const).every((key) => more[key] === undefined || more[key] === line[key]),
    );
    expect(found, `${estimator} ${side} ${JSON.stringify(more)}`).toHaveLength(1);
    return found[0]?.values ?? [];
  };
  /** Whether a ≤ b in expectation, from differences of the same seeds. */
  const atMost = (a: readonly number[], b: readonly number[]): void => {
    const { mean, se } = estimate(a.map((value, index) => value - (b[index] ?? Number.NaN)));
    expect(mean).toBeLessThanOrEqual(4 * se + 1e-4);
  };
  /** Whether a ≤ b in every run, up to float32 of log densities. */
  const always = (a: readonly number[], b: readonly number[]): void =>
    a.forEach((value, index) => expect(value).toBeLessThanOrEqual((b[index] ?? Number.NaN) + 1e-4));

  it('is all there, finite but for e^T that overflows', () => {
    expect(trained.warnings.filter((warning) => !/Proposition M\.1|IBAL|Nearly every/.test(warning))).toEqual([]);
    const mi = new Set(lines.filter(({ quantity }) => quantity === 'mi').map(({ estimator }) => estimator));
    expect([...mi].sort()).toEqual([...draft.estimators].sort());
    for (const line of lines) expect(line.values.every(Number.isFinite), JSON.stringify(line)).toBe(true);
  });

  it('loads what it has kept: the same networks give the same bounds', async () => {
    const model = bench.linear(linear);
    const kept = results[0]?.spec as object;
    const again = await bench.run({ ...kept, model, seed: 0 });
    const same = (result: Result) => result.bounds.map(({ value, ...name }) => ({ ...name, value: value?.toFixed(3) }));
    expect(same(again)).toEqual(same(trained));
  });

  it('bounds the truth of its data from its side', () => {
    for (const line of lines) {
      if (line.side === 'estimate' || line.quantity !== 'mi') continue;
      // Bounds on log p(x) turn sides for mutual information; `contradicts` only looks at the side it is told.
      expect(
        contradicts(line.side, line.values, truths),
        `${line.side} ${line.estimator} ${line.base} ${line.critic}`,
      ).toBe(false);
    }
  });

  it('never claims more than log K where that is the limit', () => {
    expect(information).toBeGreaterThan(Math.log(samples));
    const limit = seeds.map(() => Math.log(samples));
    always(pick('s-infonce', 'lower'), limit);
    always(pick('iwae', 'lower', { base: 'prior' }), limit);
    for (const critic of ['contrast', 'energy']) always(pick('infonce', 'lower', { critic }), limit);
    for (const { bounds } of results) {
      for (const { terms, samples: count = 1, value, side } of bounds) {
        if (terms === undefined || side !== 'lower') continue;
        expect(terms.contrastive ?? NaN).toBeLessThanOrEqual(Math.log(count) + 1e-9);
        expect((terms.ba ?? NaN) + (terms.contrastive ?? NaN)).toBeCloseTo(value ?? NaN, 4);
      }
    }
  });

  it('orders Barber–Agakov, GIWAE and IWAE of one base', () => {
    const ba = pick('ba', 'lower');
    const giwae = pick('giwae', 'lower');
    const iwae = pick('iwae', 'lower', { base: 'q' });
    atMost(ba, giwae);
    atMost(giwae, iwae);
    always(
      iwae,
      ba.map((value) => value + Math.log(samples)),
    );
    atMost(pick('infonce', 'lower', { critic: 'contrast' }), pick('s-infonce', 'lower'));
    // The same samples, the same weights: two names for one number.
    expect(pick('s-infonce', 'lower')).toEqual(pick('iwae', 'lower', { base: 'prior' }));
    expect(pick('s-infonce', 'upper')).toEqual(pick('iwae', 'upper', { base: 'prior' }));
  });

  it('orders MINE-F, MINE-DV and IBAL of one critic', () => {
    for (const [critic, prefix] of [
      ['contrast', ''],
      ['energy', ''],
      ['joint', 'g'],
    ] as const) {
      const f = pick(`${prefix}mine-f`, 'lower', { critic });
      const dv = pick(`${prefix}mine-dv`, 'estimate', { critic });
      // log a ≤ a / e, whatever is averaged.
      always(f, dv);
      const upper = pick('ibal', 'upper', { critic, samples: chains, quantity: 'ibal' });
      atMost(f, upper);
    }
  });

  it('orders the annealed bounds', () => {
    for (const base of ['prior', 'q']) {
      const of = (estimator: string, side: 'lower' | 'upper', count = chains) =>
        pick(estimator, side, { base, samples: count });
      always(
        of('im-ais', 'lower'),
        of('ais', 'lower').map((value) => value + Math.log(chains)),
      );
      always(
        of('ais', 'upper').map((value) => value - Math.log(chains)),
        of('cr-ais', 'upper'),
      );
      // Jensen's inequality on the same weights; the other sides hold other chains too, and gain in expectation alone.
      always(of('ais', 'lower'), of('cr-ais', 'lower'));
      always(of('im-ais', 'upper'), of('ais', 'upper'));
      for (const estimator of ['im-ais', 'cr-ais', 'ir-ais']) {
        atMost(of('ais', 'lower'), of(estimator, 'lower'));
        atMost(of(estimator, 'upper'), of('ais', 'upper'));
        atMost(of(estimator, 'lower', 2), of(estimator, 'lower'));
        atMost(of(estimator, 'upper'), of(estimator, 'upper', 2));
      }
      expect(of('bdmc', 'lower')).toEqual(of('cr-ais', 'lower'));
      expect(of('bdmc', 'upper')).toEqual(of('im-ais', 'upper'));
    }
  });

  it('says of each estimator what it uses of the model', () => {
    const facts = results[0]?.metrics['estimators'] as Record<string, { information: string }>;
    expect(Object.keys(facts).sort()).toEqual([...draft.estimators].sort());
    expect(facts['infonce']?.information).toBe('samples only');
    expect(facts['giwae']?.information).toBe('one marginal');
    expect(facts['iwae']?.information).toBe('joint density');
  });
});
