import { describe, expect, it } from 'vitest';
import { AnnealedFlow, type ChainNoise } from '../../../../src/main/trainers/dais/chain';
import type { ChainParameters } from '../../../../src/main/trainers/dais/parameters';
import { buildTarget } from '../../../../src/main/targets';
import { openDevice } from '../../../../src/main/tensor/devices';

const target = await buildTarget({ type: 'bimodal', dim: 1, sigma: 0.25 }, '.');

/** Section 2.9 of the derivation: one particle with given noise. */
const parameters: ChainParameters = {
  mean: Float64Array.of(0.5),
  logVariance: Float64Array.of(-0.4),
  schedule: Float64Array.of(1, 1.2, 0.8),
  logStep: Float64Array.of(Math.log(0.1), Math.log(0.12), Math.log(0.08)),
  logMass: Float64Array.of(0.3),
  refreshment: Float64Array.of(0.95),
};
const noise: ChainNoise = {
  position: (out) => void out.fill(0.7),
  momentum: (out) => void out.fill(-0.3),
  refreshment: (out, k) => void out.fill([0.2, 0.4, -0.1][k - 1] ?? Number.NaN),
};

describe('a chain with given noise, in doubles', () => {
  it('has the golden log weight and gradient', async () => {
    const device = await openDevice('cpu');
    const flow = await AnnealedFlow.open({ device, target, precision: 'float64', rows: 1, steps: 3, gradients: true });
    await flow.run(parameters, noise);
    expect(flow.logWeights[0]).toBeCloseTo(0.6959564243, 9);
    // z₀ and z_K; z½ of each transition is halfway to what follows, and v what its refreshment left.
    expect(flow.starts[0]).toBeCloseTo(1.0731115271545872, 12);
    expect(flow.ends[0]).toBeCloseTo(1.0354018128590956, 12);
    const momenta = [-0.3485502728184849, -0.15070285210775433, 0.159798003044525];
    momenta.forEach((v, k) => expect(flow.momenta[k]?.[0], `v of transition ${k + 1}`).toBeCloseTo(v, 12));
    [1.0731115271545872, 1.0440368663655584, 1.027148288469966].forEach((z, k) => {
      const middle = z + 0.5 * Math.exp((parameters.logStep[k] ?? NaN) - 0.3) * (momenta[k] ?? NaN);
      expect(flow.middles[k]?.[0], `z½ of transition ${k + 1}`).toBeCloseTo(middle, 12);
    });
    const gradient = await flow.gradient(parameters, Float64Array.of(1));
    const golden: Record<keyof ChainParameters, number[]> = {
      mean: [-0.8077383887],
      logVariance: [0.2787555302],
      schedule: [-0.0005531664, 0.000918824, -0.0003656575],
      logStep: [-0.005417747, -0.0030329924, 0.000238489],
      logMass: [0.0041061252],
      refreshment: [-0.0014467548],
    };
    for (const [name, values] of Object.entries(golden)) {
      values.forEach((value, index) =>
        expect(gradient[name as keyof ChainParameters][index], `${name} ${index}`).toBeCloseTo(value, 9),
      );
    }
    await flow.dispose();
  });
});
