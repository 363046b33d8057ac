import { expect, it } from 'vitest';
import { initialParameters, network } from '../../../src/main/models/network';
import { estimate } from '../../support/moments';

const { shapes } = network({ inputs: 400, hidden: [50], outputs: 3, activation: 'relu' });

it('starts uniform within one over the root of a layer’s inputs', () => {
  const parameters = initialParameters(shapes, 1);
  for (const [name, bound] of [
    ['0.weight', 1 / 20],
    ['0.bias', 1 / 20],
    ['1.weight', 1 / Math.sqrt(50)],
    ['1.bias', 1 / Math.sqrt(50)],
  ] as const) {
    const values = parameters[name] ?? new Float32Array();
    expect(values).toHaveLength((shapes[name] ?? []).reduce((product, extent) => product * extent, 1));
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(bound);
  }
  // Variance of a uniform: bound² / 3. 4 standard errors of 20,000 numbers: one false alarm in 16,000.
  const { mean, se } = estimate(Array.from(parameters['0.weight'] ?? [], (value) => 400 * value ** 2));
  expect(Math.abs(mean - 1 / 3)).toBeLessThan(4 * se);
});

it('draws other numbers for another seed and for each layer', () => {
  const parameters = initialParameters(shapes, 1);
  expect(initialParameters(shapes, 1)).toEqual(parameters);
  expect(initialParameters(shapes, 2)['0.weight']).not.toEqual(parameters['0.weight']);
  expect(parameters['0.bias']?.map((value) => value * 20)).not.toEqual(
    parameters['0.weight']?.slice(0, 50).map((value) => value * 20),
  );
});
