import { describe, expect, it } from 'vitest';
import { buildModel, linearGaussian } from '../../../src/main/models';
import { betasOf } from '../../../src/main/samplers/schedule';
import type { Layer } from '../../../src/shared/runFile';
import {
  decode,
  draw,
  lg2,
  logEvidence,
  mutualInformation,
  randomLinear,
  tempered,
  type LinearModel,
} from '../../support/linearModel';
import { checkpointOf, linearModel, type Tensors } from '../../support/models';
import { random } from '../../support/random';

const gaussian = (sigma: number) => ({ type: 'gaussian' as const, sigma });

describe('closed forms of a linear-Gaussian model', () => {
  it('has the golden information and evidence', () => {
    const exact = linearGaussian(linearModel(lg2));
    expect(exact?.mutualInformation).toBeCloseTo(2.5766457972, 10);
    expect(exact?.logEvidence(Float32Array.of(1, -0.5, 2))[0]).toBeCloseTo(-9.0603782367, 9);
  });

  it('agrees with Bayes’ rule, 10 → 100 with a bias', () => {
    const model = randomLinear(10, 100, 7);
    const exact = linearGaussian(linearModel(model));
    expect(exact?.mutualInformation).toBeCloseTo(mutualInformation(model), 9);
    const x = Float32Array.from(
      random(1)
        .normals(300)
        .map((value) => 5 * value),
    );
    const values = exact?.logEvidence(x) ?? [];
    expect(values).toHaveLength(3);
    // Doubles, with quadratic forms of size 1e4 that cancel.
    [0, 1, 2].forEach((i) =>
      expect(values[i]).toBeCloseTo(logEvidence(model, [...x.slice(100 * i, 100 * i + 100)]), 8),
    );
  });

  it('bounds what perfect annealing would give', () => {
    const exact = linearGaussian(linearModel(lg2));
    // From an independent implementation.
    for (const [schedule, temperatures, lower, upper] of [
      [{ type: 'linear' }, 1, 0, 28],
      [{ type: 'linear' }, 2, 0.485198, 14.485198],
      [{ type: 'linear' }, 5, 1.180665, 6.780665],
      [{ type: 'linear' }, 10, 1.653169, 4.453169],
      [{ type: 'linear' }, 100, 2.443028, 2.723028],
      [{ type: 'sigmoid', rad: 4 }, 10, 1.844109, 3.613352],
      [{ type: 'sigmoid', rad: 4 }, 100, 2.491311, 2.665008],
      [{ type: 'sigmoid', rad: 4 }, 1000, 2.567978, 2.585344],
    ] as const) {
      const bounds = exact?.perfectAnnealing(betasOf(schedule, temperatures));
      expect(bounds?.lower).toBeCloseTo(lower, 6);
      expect(bounds?.upper).toBeCloseTo(upper, 6);
      // With even steps the gap is the trace of WᵀW/σ² over T.
      if (schedule.type === 'linear') {
        expect((bounds?.upper ?? NaN) - (bounds?.lower ?? NaN)).toBeCloseTo(28 / temperatures, 10);
      }
    }
    // The thermodynamic integral: both sides meet in I(x; z), the error of a sum over 1e5 even steps apart.
    const model = randomLinear(6, 20, 3);
    const wide = linearGaussian(linearModel(model));
    const fine = wide?.perfectAnnealing(betasOf({ type: 'sigmoid', rad: 8 }, 100_000));
    expect(((fine?.lower ?? NaN) + (fine?.upper ?? NaN)) / 2).toBeCloseTo(mutualInformation(model), 4);
  });

  it('samples the posterior exactly: mean and every direction of the covariance', () => {
    const posterior = linearGaussian(linearModel(lg2))?.posterior([1, -0.5, 2]);
    expect(posterior?.mean[0]).toBeCloseTo(-14 / 173, 12);
    expect(posterior?.mean[1]).toBeCloseTo(118 / 173, 12);
    // Normals of 0 give the mean; unit vectors the columns of a square root of the covariance.
    const rows = [...(posterior?.sample([0, 0, 1, 0, 0, 1]) ?? [])];
    expect(rows.slice(0, 2)).toEqual([Math.fround(-14 / 173), Math.fround(118 / 173)]);
    const columns = [rows.slice(2, 4), rows.slice(4, 6)].map((row) => row.map((v, i) => v - (rows[i] ?? NaN)));
    const covariance = (i: number, j: number): number =>
      columns.reduce((total, column) => total + (column[i] ?? NaN) * (column[j] ?? NaN), 0);
    // Samples are stored in float32.
    expect(covariance(0, 0)).toBeCloseTo(21 / 173, 6);
    expect(covariance(0, 1)).toBeCloseTo(-4 / 173, 6);
    expect(covariance(1, 1)).toBeCloseTo(9 / 173, 6);
  });

  it('posterior samples are the same whether drawn together or one by one, and as an own derivation has them', () => {
    const model = randomLinear(7, 12, 5);
    const source = random(2);
    const x = source.normals(12).map((value) => 3 * value);
    const posterior = linearGaussian(linearModel(model))?.posterior(Float32Array.from(x));
    const normals = source.normals(5 * 7);
    const all = [...(posterior?.sample(normals) ?? [])];
    expect(all).toHaveLength(35);
    const own = tempered(model, x.map(Math.fround), 1);
    for (let k = 0; k < 5; k += 1) {
      const row = normals.slice(7 * k, 7 * k + 7);
      expect([...(posterior?.sample(row) ?? [])]).toEqual(all.slice(7 * k, 7 * k + 7));
      const expected = draw(own, { ...source, normals: () => row });
      expected.forEach((value, i) => expect(all[7 * k + i]).toBeCloseTo(value, 5));
    }
  });

  it('follows a composition of three linear layers with biases', () => {
    const tensors: Tensors = {
      'a.weight': { shape: [4, 2] },
      'a.bias': { shape: [4] },
      'b.weight': { shape: [3, 4] },
      'c.weight': { shape: [5, 3] },
      'c.bias': { shape: [5] },
    };
    const checkpoint = checkpointOf(tensors);
    const layers: Layer[] = [{ linear: 'a' }, { linear: 'b' }, 'identity', { linear: 'c' }];
    const model = buildModel({ checkpoint: 'm', decoder: layers, likelihood: gaussian(0.7) }, checkpoint);
    const part = (key: string, latent: number, outputs: number): LinearModel => {
      const of = (name: string): number[] => [...(checkpoint.tensors.get(`${key}.${name}`)?.data ?? [])].map(Number);
      const w = of('weight');
      const bias = of('bias');
      return {
        latent,
        outputs,
        sigma: 1,
        weight: Array.from({ length: outputs }, (_, row) => w.slice(row * latent, (row + 1) * latent)),
        bias: bias.length > 0 ? bias : new Array<number>(outputs).fill(0),
      };
    };
    const parts = [part('a', 2, 4), part('b', 4, 3), part('c', 3, 5)];
    const through = (z: number[]): number[] => parts.reduce((value, layer) => decode(layer, value), z);
    const bias = through([0, 0]);
    const columns = [through([1, 0]), through([0, 1])];
    const weight = bias.map((offset, o) => columns.map((column) => (column[o] ?? NaN) - offset));
    const whole: LinearModel = { latent: 2, outputs: 5, sigma: 0.7, bias, weight };
    const exact = linearGaussian(model);
    expect(exact?.mutualInformation).toBeCloseTo(mutualInformation(whole), 10);
    const x = Float32Array.of(0.5, -1, 2, 0.25, 3);
    expect(exact?.logEvidence(x)[0]).toBeCloseTo(logEvidence(whole, [...x]), 9);
  });

  it('more outputs than latents or fewer', () => {
    const wide: LinearModel = { latent: 3, outputs: 1, weight: [[1, 2, 3]], bias: [0.5], sigma: 2 };
    const exact = linearGaussian(linearModel(wide));
    expect(exact?.mutualInformation).toBeCloseTo(0.5 * Math.log(1 + 14 / 4), 12);
    // x ~ N(0.5, 14 + 4)
    expect(exact?.logEvidence(Float32Array.of(2))[0]).toBeCloseTo(-0.5 * (2.25 / 18 + Math.log(2 * Math.PI * 18)), 12);
  });

  it('does not exist for anything else', () => {
    const tensors = checkpointOf({ 'a.weight': { shape: [4, 2] }, 'b.weight': { shape: [4, 4] } });
    const build = (decoder: Layer[], likelihood: Parameters<typeof buildModel>[0]['likelihood']) =>
      linearGaussian(buildModel({ checkpoint: 'm', decoder, likelihood }, tensors));
    expect(build([{ linear: 'a' }, 'relu', { linear: 'b' }], gaussian(1))).toBeUndefined();
    expect(build([{ linear: 'a' }, 'sigmoid'], gaussian(1))).toBeUndefined();
    expect(build([{ linear: 'a' }], { type: 'bernoulli' })).toBeUndefined();
    expect(build([{ linear: 'a' }, { linear: 'b' }], gaussian(1))).toBeDefined();
  });
});
