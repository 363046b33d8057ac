import { EigenvalueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { gaussianOptima, perfectOptimum } from '../../../../src/main/targets/oracles/gaussian';
import { processPosterior, type ProcessData } from '../../../../src/main/targets/oracles/gaussianProcess';
import { expectNear } from '../../../support/near';
import { fixedData } from '../../../../src/main/targets/gaussianProcess';

const instance = (n: number, lengthScale: number): ProcessData => ({
  ...fixedData(n, [0, 10]),
  lengthScale,
  noise: 0.25,
  jitter: 1e-5,
});
const stds = (variance: Float64Array): Float64Array => variance.map(Math.sqrt);

describe('the posterior of a Gaussian process', () => {
  const five = instance(5, 3);
  const posterior = processPosterior(five);

  it('has the moments of its closed form', () => {
    expectNear(five.observations, [0.25, 0.653332, -1.184847, 0.783987, -0.385691], 1e-6);
    expectNear(posterior.mean, [0.399887, 0.222405, -0.578134, 0.270114, -0.146351], 1e-6);
    expectNear(stds(Float64Array.from(posterior.covariance.diagonal())), [0.233759, 0.217153, 0.212608], 1e-6);
    expect(Math.abs(posterior.logZ + 14.993973)).toBeLessThan(1e-6);
    const { realEigenvalues } = new EigenvalueDecomposition(posterior.gram);
    expect(Math.max(...realEigenvalues) / Math.min(...realEigenvalues)).toBeCloseTo(70.1, 1);
  });

  it('has the approximations of its closed form', () => {
    const { reverse, symmetrised } = gaussianOptima(posterior.covariance);
    expectNear(stds(reverse.variance), [0.227978, 0.201146, 0.191895], 1e-6);
    expectNear(stds(symmetrised.variance), [0.23085, 0.208996, 0.201986], 1e-6);
    expect(Math.abs(reverse.reverse - 0.170575)).toBeLessThan(1e-6);
  });

  it.each([
    [1, [0.227978, 0.201146, 0.191895], 0.170575],
    [4, [0.230071, 0.206901, 0.19931], 0.040829],
    [16, [0.230653, 0.208465, 0.201308], 0.010006],
    [64, [0.230801, 0.208863, 0.201816], 0.002488],
  ])('is approximated after %i perfect transitions as it should be', (steps, std, gap) => {
    const found = perfectOptimum(posterior.covariance, steps);
    expectNear(stds(found.variance), std, 1e-6);
    expect(Math.abs(found.gap - gap)).toBeLessThan(1e-6);
  });

  // [n, ρ, log Z, KL(q‖π) of variational inference, mean |error| of its stds, of the symmetrised stds]
  it.each([
    [5, 3, -14.993973, 0.170575, 0.012858, 0.00655],
    [5, 0.8, -6.008846, 3.97e-7, 5e-8, 2e-8],
    [10, 3, -11.587426, 15.982179, 0.147389, 0.116112],
    [10, 0.8, -10.165831, 0.006318, 0.000299, 0.000149],
    [30, 3, -23.757206, 24.163777, 0.094895, 0.079079],
    [30, 0.8, -15.372754, 53.264168, 0.151749, 0.123933],
  ])('of %i sites with length scale %d has its evidence and its errors', (n, rho, logZ, kl, vi, both) => {
    const { covariance, logZ: found } = processPosterior(instance(n, rho));
    expect(Math.abs(found - logZ)).toBeLessThan(1e-6);
    const truth = covariance.diagonal().map(Math.sqrt);
    const error = (variance: Float64Array): number =>
      stds(variance).reduce((total, std, i) => total + Math.abs(std - (truth[i] ?? NaN)), 0) / n;
    const { reverse, symmetrised } = gaussianOptima(covariance);
    expect(Math.abs(reverse.reverse - kl)).toBeLessThan(1e-6);
    expect(Math.abs(error(reverse.variance) - vi)).toBeLessThan(1e-6);
    expect(Math.abs(error(symmetrised.variance) - both)).toBeLessThan(1e-6);
  });
});
