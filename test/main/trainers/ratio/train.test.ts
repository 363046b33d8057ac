import { describe, expect, it } from 'vitest';
import { network } from '../../../../src/main/models/network';
import type { AnnealingFlow } from '../../../../src/main/trainers/flow/programs';
import { ratioSums } from '../../../../src/main/trainers/ratio/evaluate';
import { divergenceOf, lossOfEqual, ratioLoss } from '../../../../src/main/trainers/ratio/loss';
import { trainRatios, type RatioSettings, type RatioSnapshot } from '../../../../src/main/trainers/ratio/train';
import { openDevice } from '../../../../src/main/tensor/devices';
import { compileStep } from '../../../../src/main/trainers/step';
import { finish } from '../../../support/finish';
import { random } from '../../../support/random';

/** 2 log 2 − 2 JSD(N(0, 1), N(1, 1)), by quadrature; JSD is 0.1114214822. */
const optimum = 1.1634513968;
const context = { name: 'ratio', device: await openDevice('cpu'), seed: 4, precision: 'float32' } as const;

/** Two blocks that shift a normal on a line by 1 each. */
const shifts: AnnealingFlow = {
  network: { dim: 1, hidden: [], activation: 'tanh', timeInput: false },
  rule: 'rk4',
  blocks: [1, 1].map((shift) => ({ '0.weight': Float64Array.of(0), '0.bias': Float64Array.of(shift) })),
};
const settings: RatioSettings = {
  ...{ hidden: [], activation: 'softplus', iterations: 300, batch: 256, learningRate: 0.02, draws: 20_000, steps: 1 },
};

describe('the logistic loss of a density ratio', () => {
  const count = 200_000;
  const { normals } = random(5);
  const before = Float64Array.from(normals(count));
  const after = Float64Array.from(normals(count), (value) => value + 1);
  const line = network({ inputs: 1, hidden: [], outputs: 1, activation: 'softplus' });
  const lossAt = async (slope: number, intercept: number): Promise<number> => {
    const program = await compileStep(context.device, {
      ...{ shapes: line.shapes, loss: ratioLoss(line), precision: 'float64' },
      inputs: { before: { shape: [count, 1] }, after: { shape: [count, 1] } },
    });
    const parameters = {
      'parameters/0.weight': Float64Array.of(slope),
      'parameters/0.bias': Float64Array.of(intercept),
    };
    const { loss } = await program.run({ before, after, ...parameters });
    await program.dispose();
    return loss?.[0] ?? NaN;
  };

  it('is least at the log ratio, by twice the Jensen–Shannon divergence below 2 log 2', async () => {
    expect(await lossAt(0, 0)).toBeCloseTo(lossOfEqual, 10);
    const least = await lossAt(-1, 0.5);
    // Each term has a standard deviation below 0.6: four standard errors are 0.0076, which are exceeded once in 16,000 times.
    expect(Math.abs(least - optimum)).toBeLessThan(0.0076);
    expect(Math.abs(divergenceOf(least) - 0.1114214822)).toBeLessThan(0.0038);
    for (const [slope, intercept] of [
      [-1.3, 0.65],
      [-0.7, 0.35],
      [-1, 0.8],
      [1, -0.5],
    ] as const) {
      expect(await lossAt(slope, intercept)).toBeGreaterThan(least + 0.005);
    }
  });

  it('does not overflow', async () => {
    // 1000 (E[max(−x, 0)] + E[max(x + 1, 0)]) = 1000 (φ(0) + φ(1) + Φ(1)); four standard errors are 9.
    expect(Math.abs((await lossAt(1000, 0)) - 1482.26)).toBeLessThan(9);
  });
});

describe('networks that learn the ratios of a flow block by block', () => {
  it('reach the least loss, and their sum the log ratio of the ends', async () => {
    const { trained } = await finish(trainRatios(shifts, settings, context));
    expect(trained.blocks).toHaveLength(2);
    // Means over 7,680 draws of each law, from pools of 20,000: four standard errors are 0.05.
    for (const loss of trained.losses) expect(Math.abs(loss - optimum)).toBeLessThan(0.05);
    expect(trained.curve.iterations.at(-1)).toBe(600);
    const x = Float64Array.from({ length: 1500 }, (_, i) => -1 + i / 375);
    const { trained: sums } = await finish(ratioSums(trained, x, context));
    // log N(x; 0, 1)/N(x; 2, 1) = 2 − 2x; slopes and intercepts are uncertain by about 0.03 each.
    sums.forEach((sum, row) => {
      expect(Math.abs(sum - (2 - 2 * (x[row] ?? NaN)))).toBeLessThan(0.3);
    });
  });

  it('go on from a snapshot with equal bits', async () => {
    const short = { ...settings, hidden: [4], iterations: 6, batch: 8, draws: 50 };
    const whole = await finish(trainRatios(shifts, short, context));
    for (const stop of [2, 6, 9]) {
      const { steps } = await finishSome(trainRatios(shifts, short, context), stop);
      const resumed = await finish(trainRatios(shifts, short, context, steps));
      expect(resumed.trained.blocks).toEqual(whole.trained.blocks);
      expect(resumed.trained.losses).toEqual(whole.trained.losses);
      expect(resumed.trained.curve).toEqual(whole.trained.curve);
    }
  });

  it('end where nothing is finite, with a sentence', async () => {
    const broken: AnnealingFlow = { ...shifts, blocks: [{ ...shifts.blocks[0], '0.bias': Float64Array.of(NaN) }] };
    const { trained } = await finish(trainRatios(broken, { ...settings, iterations: 60 }, context));
    expect(trained.diverged?.message).toMatch(/^The networks "ratio" diverged: 25 updates in a row/);
    expect(trained.losses).toEqual([NaN]);
  });
});

/** The snapshot after so many updates, of a training that is left there. */
async function finishSome(training: ReturnType<typeof trainRatios>, stop: number): Promise<{ steps: RatioSnapshot }> {
  for (let update = 1; ; update += 1) {
    const next = await training.next();
    if (next.done === true) throw new Error('It ended before.');
    if (update < stop) continue;
    const steps = next.value.capture();
    await training.return(undefined as never);
    return { steps };
  }
}
