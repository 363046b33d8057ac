import { describe, expect, it } from 'vitest';
import { buildModel, linearGaussian } from '../../../src/main/models';
import type { Layer } from '../../../src/shared/runFile';
import { decode, lg2, logEvidence, mutualInformation, randomLinear, type LinearModel } from '../../support/linearModel';
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
