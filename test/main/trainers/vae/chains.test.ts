import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../../src/main/tensor/devices';
import type { Parameters } from '../../../../src/main/models/network';
import { chainObjective } from '../../../../src/main/trainers/vae/chains';
import { vaeNetworks } from '../../../../src/main/trainers/vae/networks';
import { sampledObjective } from '../../../../src/main/trainers/vae/sampled';
import { logEvidence, type LinearModel } from '../../../support/linearModel';
import { random } from '../../../support/random';
import { chainSpec, tinyVae } from '../../../support/tinyVae';

const device = await openDevice('cpu');
const score = { width: 8, blocks: 1, embedding: 2, summary: 3 };

describe('a score network that is still zero', () => {
  it.each(['ula', 'uha'])('leaves the bound of %s as it is, sample by sample', async (type) => {
    const vae = tinyVae();
    const common = { steps: 5, stepSize: 0.1, particles: 2 };
    const plain = chainObjective(chainSpec({ type, ...common }), vae, device);
    const learned = chainObjective(chainSpec({ type: `${type}-mcd`, ...common, score }), vae, device);
    const { uniform } = random(3);
    const rows = 7;
    const x = Float32Array.from({ length: rows * vae.pixels }, () => Number(uniform() < 0.5));
    const parameters = learned.initial(1);
    const values: number[][] = [];
    for (const objective of [plain, learned]) {
      const bound = await objective.open(rows);
      const own = Object.fromEntries(
        Object.keys(objective.shapes).map((name) => [name, parameters[name] as Float32Array]),
      );
      values.push([...Float64Array.from(await bound.of(own, x, { seed: 5, step: 2, firstDatum: 3 }))]);
      await bound.dispose();
    }
    expect(values[0]?.every(Number.isFinite)).toBe(true);
    expect(values[1]).toEqual(values[0]);
  });
});

describe('bounds on a linear-Gaussian model', () => {
  const vae = vaeNetworks({
    ...{ pixels: 3, latent: 2, encoder: [], decoder: [], activation: 'tanh', output: 'identity' },
    noise: { type: 'gaussian', sigma: 0.8, learned: false },
  });
  const x = [0.6, -0.4, 1.1];
  const rows = 4000;
  const tiled = Float32Array.from({ length: rows * 3 }, (_, i) => x[i % 3] ?? 0);

  /** Of log weights, against log p(x): how far their mean lies above it, and that of w / p(x) from 1, in standard errors. */
  function against(logWeights: readonly number[], truth: number): { above: number; off: number } {
    const inErrors = (values: readonly number[], centre: number): number => {
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1);
      return (mean - centre) / Math.sqrt(variance / values.length);
    };
    return {
      above: inErrors(logWeights, truth),
      off: inErrors(
        logWeights.map((w) => Math.exp(w - truth)),
        1,
      ),
    };
  }

  const bounds = [
    { type: 'ula', steps: 4, stepSize: 0.1 },
    { type: 'uha', steps: 4, stepSize: 0.2 },
    { type: 'dais', steps: 4, stepSize: 0.2 },
    { type: 'ula-mcd', steps: 4, stepSize: 0.1, score },
    { type: 'uha-mcd', steps: 4, stepSize: 0.2, score },
  ];
  it.each([{ type: 'iwae' }, ...bounds])('$type is at most log p(x), and its weights are unbiased', async (given) => {
    const objective =
      given.type === 'iwae' ? sampledObjective(vae, device, 1) : chainObjective(chainSpec(given), vae, device);
    const { normal } = random(8);
    // Some score that is neither zero nor right: the bound must hold whatever it is.
    const parameters: Parameters = Object.fromEntries(
      Object.entries(objective.initial(6)).map(([name, values]) => [
        name,
        name.startsWith('score.') ? values.map((value) => value + 0.05 * normal()) : values,
      ]),
    );
    const decoder = (key: string): number[] => [...(parameters[key] ?? [])];
    const weight = decoder('decoder.0.weight');
    const model: LinearModel = {
      ...{ latent: 2, outputs: 3, sigma: 0.8, bias: decoder('decoder.0.bias') },
      weight: [0, 1, 2].map((row) => weight.slice(2 * row, 2 * row + 2)),
    };
    const truth = logEvidence(model, x);
    const bound = await objective.open(rows);
    const logWeights = [...Float64Array.from(await bound.of(parameters, tiled, { seed: 9, step: 0, firstDatum: 0 }))];
    await bound.dispose();
    const { above, off } = against(logWeights, truth);
    // Beyond 4.5 standard errors by chance: 7 in a million.
    expect(above).toBeLessThan(4.5);
    expect(Math.abs(off)).toBeLessThan(4.5);
    // A log weight that is wrong by a seventh of a nat is caught.
    expect(
      Math.abs(
        against(
          logWeights.map((w) => w + 1 / 7),
          truth,
        ).off,
      ),
    ).toBeGreaterThan(4.5);
  });
});
