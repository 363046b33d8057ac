import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../../src/main/tensor/devices';
import type { Device } from '../../../../src/main/tensor/types';
import { buildTarget } from '../../../../src/main/targets';
import { evaluatePath, networkFeeds, type TrainedSampler } from '../../../../src/main/trainers/mcd/evaluate';
import { evaluateReverse } from '../../../../src/main/trainers/mcd/evaluateReverse';
import { ForwardPaths } from '../../../../src/main/trainers/mcd/forwardPaths';
import { JointObjective } from '../../../../src/main/trainers/mcd/jointObjective';
import { pathNoise } from '../../../../src/main/trainers/mcd/noise';
import { ScoreChunk } from '../../../../src/main/trainers/mcd/scoreChunk';
import { ScoreObjective } from '../../../../src/main/trainers/mcd/scoreObjective';
import { pathSettings } from '../../../../src/main/trainers/mcd/settings';
import { finish } from '../../../support/finish';
import { doubleNetwork, pathContext, pathSpec } from '../../../support/mcd';

const target = await buildTarget({ type: 'gaussian', dim: 1, mean: 0.6, std: 0.8 }, '.');
const sample = target.sample;
if (sample === undefined) throw new Error('no exact samples');
const context = await pathContext(target);
const types = ['ula', 'uha', 'ula-mcd', 'uha-mcd'] as const;

/** A sampler with a network that nobody has trained: its bounds are loose and have to hold all the same. */
function wild(type: string, more: Record<string, unknown> = {}): TrainedSampler {
  const score = type.endsWith('mcd') ? { score: { width: 8, blocks: 1 } } : {};
  const spec = pathSpec({ type, steps: 6, stepSize: 0.15, ...score, ...more });
  const settings = pathSettings(spec, 1, 1);
  if (settings.network === undefined) return { settings, sampler: settings.initial };
  const { feeds } = doubleNetwork(settings.network, 0.25);
  const network = Object.fromEntries(
    Object.entries(feeds).map(([name, values]) => [name.replace('parameters/', ''), Float32Array.from(values)]),
  );
  return { settings, sampler: settings.initial, network };
}

function meanAndError(values: Float64Array): { mean: number; error: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(spread / (values.length - 1) / values.length) };
}

describe.each(types)('%s', (type) => {
  it('brackets log Z from both sides, and its weights are unbiased forward and backward', async () => {
    // |z| > 5 has probability 6e-7; of the eight numbers of this kind in this file, one in 200,000 runs.
    const trained = wild(type);
    const count = 16_384;
    const options = { samples: count, keep: count, directions: [Float64Array.of(1)] };
    const { trained: forward } = await finish(evaluatePath(trained, options, context));
    const { trained: back } = await finish(evaluateReverse(trained, count, sample, context));
    const up = meanAndError(forward.sampleLogWeights.map(Math.exp));
    const down = meanAndError(back.logWeights.map((value) => Math.exp(-value)));
    expect(Math.abs(up.mean - 1) / up.error).toBeLessThan(5);
    expect(Math.abs(down.mean - 1) / down.error).toBeLessThan(5);
    const [lower, upper] = [forward.bound, back.bound];
    expect(lower.value + (lower.ci95 ?? 0)).toBeLessThan(0.02);
    expect(upper.value - (upper.ci95 ?? 0)).toBeGreaterThan(-0.02);
    expect(forward.dropped + back.dropped).toBe(0);
    expect(forward.estimate).toBeCloseTo(Math.log(up.mean), 10);
    expect(back.estimate).toBeCloseTo(-Math.log(down.mean), 10);
    expect(forward.effectiveSampleSize).toBeLessThanOrEqual(count);
    expect(back.effectiveSampleSize).toBeLessThanOrEqual(count);
  });
});

describe('the check of unbiased weights', () => {
  it('refuses a network that is shown where a path came from instead of where it is', async () => {
    const trained = wild('ula-mcd');
    const { settings, sampler } = trained;
    const rows = 16_384;
    const feeds = networkFeeds(trained);
    if (settings.network === undefined || feeds === undefined) throw new Error('no network');
    const found: number[] = [];
    for (const shift of [0, 1]) {
      const paths = await ForwardPaths.open({ ...settings }, rows, context);
      const chunk = await ScoreChunk.open({
        ...{ device: context.device, network: settings.network, rows, precision: 'float32' },
        ...{ transitions: 1, gradients: 'none' },
      });
      const { path } = paths;
      await paths.run(sampler, undefined, pathNoise(5, 1, 6)(0, 0, rows));
      for (let k = 1; k <= 6; k += 1) {
        chunk.place(0, k, { position: path.position(k - shift) });
        await chunk.run(feeds);
        path.correct(k, chunk.score(0));
      }
      const { mean, error } = meanAndError(path.logWeights.map(Math.exp));
      found.push(Math.abs(mean - 1) / error);
      await paths.dispose();
      await chunk.dispose();
    }
    expect(found[0]).toBeLessThan(5);
    expect(found[1]).toBeGreaterThan(5);
  });
});

/** A device that adds up the rows at which gradients of the density are evaluated: by programs that read z. */
async function counting(): Promise<{ device: Device; evaluations: () => number }> {
  const device = await openDevice('cpu');
  let evaluations = 0;
  return {
    evaluations: () => evaluations,
    device: {
      ...device,
      name: device.name,
      compile: async (fn, options) => {
        const program = await device.compile(fn, options);
        const rows = options.inputs['z']?.shape[0] ?? 0;
        const run: typeof program.run = (feeds, into) => {
          evaluations += rows * program.gradients.once;
          return program.run(feeds, into);
        };
        return {
          ...program,
          gradients: program.gradients,
          outputs: program.outputs,
          run,
          dispose: () => program.dispose(),
        };
      },
    },
  };
}

describe('what is counted as evaluations of the gradient', () => {
  it.each([
    ['ula', {}],
    ['uha', {}],
    ['uha', { integrator: 'drift-kick-drift' }],
    ['ula-mcd', {}],
    ['ula-mcd', { train: 'score-only', transitions: 2 }],
  ])('is what programs evaluate: %s %o', async (type, more) => {
    const { device, evaluations } = await counting();
    const own = await pathContext(target, { device });
    const trained = wild(type, more);
    const { settings, sampler } = trained;
    const { scoreOnly, network } = settings;
    const objective =
      scoreOnly === undefined
        ? await JointObjective.open(settings, 7, own, 1)
        : await ScoreObjective.open(settings, 7, own, 1);
    await objective.evaluate(sampler, network === undefined ? undefined : doubleNetwork(network), 0);
    expect(evaluations()).toBe(objective.gradientEvaluations);
    // K + 1 a path forward, and where paths are differentiated about as many backward.
    const kicks = 'integrator' in more;
    const single = scoreOnly !== undefined;
    expect(objective.gradientEvaluations).toBe(7 * (single ? 7 : kicks ? 13 : 14));
    await objective.dispose();
    const before = evaluations();
    const options = { samples: 40, keep: 10, directions: [Float64Array.of(1)] };
    const { trained: draws } = await finish(evaluatePath(trained, options, own));
    expect(evaluations() - before).toBe(draws.gradientEvaluations);
    const reversed = evaluations();
    const { trained: back } = await finish(evaluateReverse(trained, 40, sample, own));
    expect(evaluations() - reversed).toBe(back.gradientEvaluations);
  });
});
