import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../../../src/main/targets';
import type { AnnealedFlow } from '../../../../src/main/trainers/dais/chain';
import { evaluateFlow } from '../../../../src/main/trainers/dais/evaluate';
import { betasOf, etaOf, type ChainParameters } from '../../../../src/main/trainers/dais/parameters';
import { openDevice } from '../../../../src/main/tensor/devices';
import { finish } from '../../../support/finish';
import { frozenNoise, normals, openFlow, plainChain, variedChain } from '../../../support/flows';

const target = await buildTarget({ type: 'bimodal', dim: 1, sigma: 0.25 }, '.');
const plane = await buildTarget({ type: 'gaussian', dim: 2, mean: 0.3, correlation: 0.5 }, '.');

function logNormal(x: number, mean: number, variance: number): number {
  return -0.5 * ((x - mean) ** 2 / variance + Math.log(2 * Math.PI * variance));
}

/**
 * The weight as Doucet, Grathwohl, Matthews and Strathmann write it (2022): the momentum is refreshed before each leapfrog step, from a v₀
 * that is drawn beforehand, and the weight has the densities of every refreshment forward and backward.
 */
function generalWeight(flow: AnnealedFlow, parameters: ChainParameters, logTarget: number, row: number): number {
  const { mean, logVariance, logMass, schedule, logStep, refreshment } = parameters;
  const eta = etaOf(refreshment[0] ?? NaN);
  const betas = betasOf(schedule);
  let weight = logTarget;
  for (let i = 0; i < flow.dim; i += 1) {
    const at = row * flow.dim + i;
    const [m, s, mass] = [mean[i] ?? NaN, Math.exp(logVariance[i] ?? NaN), Math.exp(logMass[i] ?? NaN)];
    weight -= logNormal(flow.starts[at] ?? NaN, m, s);
    // Any momentum may have come before the first refreshment.
    let before = 0.37;
    weight -= logNormal(before, 0, mass);
    for (let k = 0; k < flow.steps; k += 1) {
      const [z, refreshed] = [flow.middles[k]?.[at] ?? NaN, flow.momenta[k]?.[at] ?? NaN];
      const beta = betas[k] ?? NaN;
      const force = (1 - beta) * ((m - z) / s) + beta * (flow.forces[k]?.[at] ?? NaN);
      const kicked = refreshed + Math.exp(logStep[k] ?? NaN) * force;
      const variance = (1 - eta * eta) * mass;
      weight += logNormal(before, eta * refreshed, variance) - logNormal(refreshed, eta * before, variance);
      before = kicked;
    }
    weight += logNormal(before, 0, mass);
  }
  return weight;
}

describe('log weights', () => {
  it('are those of the general form on the same trajectories', async () => {
    const [rows, steps] = [7, 9];
    const parameters = variedChain(2, steps, 2);
    const flow = await openFlow(plane, rows, steps);
    await flow.run(parameters, frozenNoise(rows, 2));
    const covariance = plane.truth.covariance ?? new Float64Array();
    const determinant = (covariance[0] ?? NaN) * (covariance[3] ?? NaN) - (covariance[1] ?? NaN) ** 2;
    for (let row = 0; row < rows; row += 1) {
      const [x, y] = [(flow.ends[2 * row] ?? NaN) - 0.3, (flow.ends[2 * row + 1] ?? NaN) - 0.3];
      const square =
        ((covariance[3] ?? NaN) * x * x - 2 * (covariance[1] ?? NaN) * x * y + (covariance[0] ?? NaN) * y * y) /
        determinant;
      const logTarget = -0.5 * (square + Math.log(4 * Math.PI ** 2 * determinant));
      const general = generalWeight(flow, parameters, logTarget, row);
      expect(Math.abs((flow.logWeights[row] ?? NaN) - general)).toBeLessThan(1e-12 * Math.max(1, Math.abs(general)));
    }
    await flow.dispose();
  });

  it('without transitions, or with steps of zero, are those of importance sampling', async () => {
    const rows = 6;
    const start = { mean: 0.4, variance: 0.6 };
    const flows = await Promise.all([0, 3].map((steps) => openFlow(target, rows, steps)));
    const parameters = [plainChain(1, 0, start), plainChain(1, 3, { ...start, stepSize: 1e-12 })];
    const epsilon = normals(rows, 0);
    for (const [index, flow] of flows.entries()) {
      await flow.run(parameters[index] as ChainParameters, frozenNoise(rows, 1));
      epsilon.forEach((noise, row) => {
        const z = 0.4 + Math.sqrt(0.6) * noise;
        const modes = [0, 1].map((mode) => 0.5 * Math.exp(logNormal(z, mode, 0.0625)));
        const expected = Math.log((modes[0] ?? NaN) + (modes[1] ?? NaN)) - logNormal(z, 0.4, 0.6);
        expect(Math.abs((flow.logWeights[row] ?? NaN) - expected)).toBeLessThan(1e-9);
      });
      await flow.dispose();
    }
  });

  // E[w] = Z = 1. With 200,000 chains the share of means beyond 4 standard errors is 6e-5.
  const chain = plainChain(1, 8, { mean: 0.5, stepSize: 0.1, eta: 0.7 });
  const options = { samples: 200_000, particles: 1, keep: 10 };

  async function evaluated(parameters: ChainParameters) {
    const device = await openDevice('cpu');
    const context = { name: 'chains', target, device, seed: 3, precision: 'float32' as const };
    return (await finish(evaluateFlow(parameters, options, context))).trained;
  }

  it('are unbiased for Z', async () => {
    const { estimate, effectiveSampleSize, bound, dropped } = await evaluated(chain);
    expect(dropped).toBe(0);
    expect(Math.abs(standardErrors(estimate, effectiveSampleSize))).toBeLessThan(4);
    // Of 6,000,000 chains in NumPy: −1.4488, standard error 0.0017; ours is 0.0094.
    expect(Math.abs(bound.value + 1.4488)).toBeLessThan(4 * 0.0096);
    expect(bound.ci95).toBeCloseTo(1.96 * 0.0094, 2);
  });

  it('of chains that are refreshed wrongly are found out', async () => {
    // Noise of refreshment a twentieth too wide leaves N(0, M), and with it the reason why the weight is so short.
    const flow = await openFlow(target, 8192, 8, { precision: 'float32', gradients: false });
    let [sum, squares, count] = [0, 0, 0];
    for (let round = 0; round < 24; round += 1) {
      const fill = (out: Float32Array | Float64Array, step: number, scale: number): void => {
        out.set(normals(out.length, 100 * round + step));
        for (let at = 0; at < out.length; at += 1) out[at] = scale * (out[at] ?? NaN);
      };
      await flow.run(chain, {
        position: (out) => fill(out, 0, 1),
        momentum: (out) => fill(out, 1, 1),
        refreshment: (out, k) => fill(out, 1 + k, 1.05),
      });
      for (const logWeight of flow.logWeights) {
        const weight = Math.exp(logWeight);
        sum += weight;
        squares += weight * weight;
        count += 1;
      }
    }
    await flow.dispose();
    expect(Math.abs(standardErrors(Math.log(sum / count), (sum * sum) / squares, count))).toBeGreaterThan(4);
  });
});

/** How far a mean weight is from 1, from its logarithm and (Σw)²/Σw². */
function standardErrors(logMean: number, effective: number, count = 200_000): number {
  const mean = Math.exp(logMean);
  const variance = mean * mean * (count / effective - 1);
  return (mean - 1) / Math.sqrt(variance / count);
}
