import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../../../src/main/targets';
import { JointObjective } from '../../../../src/main/trainers/mcd/jointObjective';
import type { NetworkMemory, Objective } from '../../../../src/main/trainers/mcd/objectiveTypes';
import { samplerParameterNames, type SamplerParameters } from '../../../../src/main/trainers/mcd/parameters';
import { ScoreObjective } from '../../../../src/main/trainers/mcd/scoreObjective';
import { pathSettings } from '../../../../src/main/trainers/mcd/settings';
import { doubleNetwork, pathContext, pathSpec, slope, varied } from '../../../support/mcd';

const target = await buildTarget({ type: 'student-t', dim: 2, degrees: 3, location: 0.7, scale: 0.8 }, '.');
const context = await pathContext(target, { precision: 'float64' });
const small = { steps: 3, batch: 5, score: { width: 4, blocks: 2, embedding: 3 } };

async function boundOf(objective: Objective, sampler: SamplerParameters, network: NetworkMemory): Promise<number> {
  const found = await objective.evaluate(sampler, network, 7);
  return 'bound' in found ? found.bound : Number.NaN;
}

/** Numbers that disagree by more than rounding and differences explain. */
function far(found: number, expected: number): boolean {
  return !(Math.abs(found - expected) <= 1e-5 * Math.max(1e-2, Math.abs(expected)));
}

describe.each([
  { type: 'ula-mcd', schedule: 'learned', stepSizes: 'network' },
  { type: 'ula-mcd', stepSizes: 'free', learnStart: true },
  { type: 'uha-mcd', schedule: 'learned', stepSizes: 'constant', learnStart: true },
  { type: 'uha-mcd', integrator: 'drift-kick-drift', backwardMean: 'tweedie', mass: 'scaled', learnStart: true },
  { type: 'ula-mcd', stepSizes: 'free', score: { ...small.score, residual: false } },
  { type: 'uha-mcd', learnStart: true, score: { ...small.score, residual: false } },
])('the gradient of the bound of $type, $stepSizes $schedule $integrator $score', (draft) => {
  it('is that of central differences, through network, paths and sampler', async () => {
    const settings = pathSettings(pathSpec({ ...small, ...draft }), 2, 1);
    const { network } = settings;
    if (network === undefined) throw new Error('no network');
    // Memory for three rows: two blocks, of which the last begins among the rows of the first.
    const objective = await JointObjective.open(settings, 5, context, 1, 1300);
    try {
      const sampler = varied(settings.initial);
      const memory = doubleNetwork(network);
      const found = await objective.evaluate(sampler, memory, 7);
      // What follows adds to the sums.
      const sums = structuredClone(memory.gradients);
      if (!('gradient' in found) || found.gradient === undefined) throw new Error('no gradient');
      const { gradient } = found;
      const slopes: string[] = [];
      for (const name of samplerParameterNames) {
        if (!settings.trained.includes(name)) continue;
        for (let place = 0; place < sampler[name].length; place += Math.ceil(sampler[name].length / 6)) {
          const expected = -(await slope(sampler[name], place, () => boundOf(objective, sampler, memory)));
          if (far(gradient[name][place] ?? Number.NaN, expected)) slopes.push(`${name}[${place}]: ${expected}`);
        }
      }
      for (const [name, values] of Object.entries(memory.feeds as Record<string, Float64Array>)) {
        const sum = sums[name.replace('parameters', 'gradients')] ?? [];
        for (let place = 0; place < values.length; place += Math.ceil(values.length / 3)) {
          const expected = -(await slope(values, place, () => boundOf(objective, sampler, memory)));
          if (far(sum[place] ?? Number.NaN, expected)) slopes.push(`${name}[${place}]: ${expected}`);
        }
      }
      expect(slopes).toEqual([]);
    } finally {
      await objective.dispose();
    }
  });
});

describe('training the network alone', () => {
  it('has the gradient that training everything has, when it looks at all transitions', async () => {
    const settings = pathSettings(pathSpec({ ...small, type: 'uha-mcd', train: 'score-only' }), 2, 1);
    const { network } = settings;
    if (network === undefined) throw new Error('no network');
    const [joint, alone] = [
      await JointObjective.open(settings, 5, context, 1),
      await ScoreObjective.open(settings, 5, context, 1),
    ];
    const [first, second] = [doubleNetwork(network), doubleNetwork(network)];
    const bounds = [await boundOf(joint, settings.initial, first), await boundOf(alone, settings.initial, second)];
    expect(bounds[1]).toBeCloseTo(bounds[0] ?? Number.NaN, 11);
    for (const [name, values] of Object.entries(first.gradients)) {
      const scale = Math.max(...Array.from(values, Math.abs));
      values.forEach((value, i) =>
        expect(Math.abs(value - (second.gradients[name]?.[i] ?? NaN))).toBeLessThan(1e-11 * (1 + scale)),
      );
    }
    await joint.dispose();
    await alone.dispose();
  });

  it('looks at some of the transitions with the weight of all', async () => {
    const draft = { ...small, type: 'ula-mcd', train: 'score-only' };
    const settings = pathSettings(pathSpec({ ...draft, transitions: 1 }), 2, 1);
    const { network, initial } = settings;
    if (network === undefined) throw new Error('no network');
    const whole = await ScoreObjective.open(pathSettings(pathSpec(draft), 2, 1), 5, context, 1);
    const some = await ScoreObjective.open(settings, 5, context, 1);
    // The same paths in both: those of iteration 7.
    const all = doubleNetwork(network);
    const bound = await boundOf(whole, initial, all);
    const one = doubleNetwork(network);
    const single = await boundOf(some, initial, one);
    expect(single).not.toBeCloseTo(bound, 6);
    const table = 'gradients/times';
    const rows = [0, 1, 2].filter((k) => one.gradients[table]?.slice(3 * k, 3 * k + 3).some((value) => value !== 0));
    expect(rows).toHaveLength(1);
    const [k = 0] = rows;
    // A row of the embedding table belongs to one transition, and its gradient counts threefold.
    for (let i = 3 * k; i < 3 * k + 3; i += 1) {
      expect(one.gradients[table]?.[i]).toBeCloseTo(3 * (all.gradients[table]?.[i] ?? NaN), 11);
    }
    await whole.dispose();
    await some.dispose();
  });
});
