import { describe, expect, it } from 'vitest';
import { formOf } from '../../../src/shared/forms/fromSchema';
import { explain, hint } from '../../../src/shared/runFile/explain';
import { targetSchema } from '../../../src/shared/runFile/target';

function refusal(value: unknown): string {
  const parsed = targetSchema.safeParse(value, { error: hint });
  if (parsed.success) return '';
  const { path, what, fix } = explain(parsed.error.issues, value);
  return `${path} ${what}. ${fix}`.trim();
}

describe('targets in run files', () => {
  it.each([
    { type: 'gaussian-mixture', dim: 20, components: 8, seed: 0 },
    { type: 'gaussian-mixture', means: [[-2], [2]], stds: [0.5, 0.5], weights: [0.3, 0.7] },
    { type: 'gaussian-mixture', dim: 20, reading: 'N(0, 9 I)' },
    { type: 'gaussian', dim: 20, mean: 10 },
    { type: 'gaussian', mean: [1, 2], std: [0.1, 4] },
    { type: 'gaussian', dim: 2, correlation: 0.9 },
    {
      type: 'gaussian',
      covariance: [
        [1, 0.9],
        [0.9, 1],
      ],
    },
    { type: 'bimodal' },
    { type: 'laplace', dim: 500 },
    { type: 'student-t', dim: 200, degrees: 3 },
    { type: 'funnel' },
    { type: 'gaussian-process', observations: 5, lengthScale: 3 },
    { type: 'gaussian-process', data: 'drawn', grid: 50 },
    { type: 'logistic-regression', file: 'sonar.csv', split: {} },
    { type: 'logistic-regression', file: 'wdbc.txt', label: 2, exclude: [1, 'x'], positive: 1, missing: 'drop' },
    { type: 'seeds', file: 'seeds_crowder.csv' },
    { type: 'nice', dim: 49 },
    { type: 'nice', file: 'flow.safetensors' },
    { type: 'nice', train: { file: 'images.gz', size: 14 }, width: 200 },
    { type: 'circle-mixture' },
    { type: 'circle-mixture', modes: 3, weights: [1, 2, 3], shift: [-5, 0] },
    { type: 'cube-mixture', dim: 20, corners: 7 },
    { type: 'crossed-mixture' },
    { type: 'exponentially-weighted-gaussian', dim: 50, variances: [0.5, 0.5], odds: [2, 2, 2] },
    { type: 'many-well' },
    { type: 'truncated-normal', edge: 'hard', radius: 6 },
  ])('may be %o', (value) => {
    expect(refusal(value)).toBe('');
  });

  it('have defaults', () => {
    expect(targetSchema.parse({ type: 'gaussian-process' })).toEqual({
      type: 'gaussian-process',
      observations: 30,
      lengthScale: 0.8,
      noise: 0.25,
      jitter: 1e-5,
      interval: [0, 10],
      data: 'fixed',
      grid: 100,
      seed: 0,
    });
    expect(targetSchema.parse({ type: 'logistic-regression', file: 'a.csv' })).toEqual({
      type: 'logistic-regression',
      file: 'a.csv',
      format: 'auto',
      exclude: [],
      missing: 'refuse',
      scaling: 'standardise',
      priorStd: 1,
    });
  });

  it.each<[object, string]>([
    [{ type: 'gausian' }, 'type is "gausian". Did you mean "gaussian"?'],
    [{ dim: 2 }, 'type is missing.'],
    [{ type: 'laplace', dim: 2, scal: 1 }, 'scal is not a field. Did you mean "scale"?'],
    [{ type: 'laplace' }, 'dim is missing. It must be a number.'],
    [{ type: 'bimodal', dim: 0 }, 'dim is 0. It must be at least 1.'],
    [{ type: 'gaussian-mixture' }, 'needs either "dim" or "means". Give "dim" for a drawn mixture or'],
    [{ type: 'gaussian-mixture', dim: 1, means: [[1]] }, 'needs either "dim" or "means"'],
    [{ type: 'gaussian-mixture', means: [[1]], seed: 3 }, 'has "means", which leave nothing to draw'],
    [{ type: 'gaussian-mixture', means: [[1], [1, 2]] }, 'has means of different lengths'],
    [{ type: 'gaussian-mixture', means: [[1], [2]], stds: [1] }, 'has another number of "stds" or "weights"'],
    [{ type: 'gaussian-mixture', dim: 2, weights: [1, 2] }, 'has another number of "stds" or "weights"'],
    [{ type: 'gaussian-mixture', means: [[1]], weights: [0] }, 'weights[0] is 0. It must be more than 0.'],
    [{ type: 'gaussian', mean: 3 }, 'does not say one dimension. Give "dim", or lists of the same length.'],
    [{ type: 'gaussian', mean: [1, 2], std: [1, 2, 3] }, 'does not say one dimension'],
    [{ type: 'gaussian', dim: 3, mean: [1, 2] }, 'does not say one dimension'],
    [{ type: 'gaussian', covariance: [[1]], std: 2 }, 'has a "covariance" beside "std" or "correlation"'],
    [{ type: 'gaussian', covariance: [[1, 0]] }, 'has a covariance that is not square'],
    [{ type: 'gaussian', dim: 2, correlation: 1 }, 'correlation is 1. It must be less than 1.'],
    [{ type: 'gaussian-process', interval: [2, 1] }, 'interval ends before it begins. Give the smaller end first.'],
    [{ type: 'gaussian-process', data: 'drawn', grid: 20 }, 'observations are more than the grid has points.'],
    [{ type: 'logistic-regression' }, 'file is missing'],
    [
      { type: 'nice' },
      'needs one of "file", "train" and "dim". Give "file" for a trained flow, "train" to train one, or',
    ],
    [{ type: 'nice', dim: 2, file: 'a.pt' }, 'needs one of "file", "train" and "dim"'],
    [{ type: 'nice', dim: 2, train: { file: 'a.gz' } }, 'needs one of "file", "train" and "dim"'],
    [{ type: 'nice', train: {} }, 'train.file is missing'],
    [{ type: 'nice', train: { file: 'a.gz', size: 1 } }, 'train.size is 1. It must be at least 2.'],
    [{ type: 'circle-mixture', weights: [1] }, 'weights are not as many as the modes. Give one for each mode'],
    [{ type: 'circle-mixture', dim: 1 }, 'dim is 1. It must be at least 2.'],
    [{ type: 'cube-mixture', dim: 2, corners: 3 }, 'corners are more than the coordinates. Lower "corners"'],
    [{ type: 'exponentially-weighted-gaussian', dim: 2, folded: 3 }, 'folded are more than the coordinates.'],
    [
      { type: 'exponentially-weighted-gaussian', dim: 1, variances: [1, 1] },
      'variances are more than the coordinates.',
    ],
    [{ type: 'exponentially-weighted-gaussian', dim: 1, odds: [1, 1] }, 'odds are more than the folded coordinates.'],
    [{ type: 'exponentially-weighted-gaussian', distance: 0, odds: [2] }, 'odds need a distance above 0.'],
    [{ type: 'many-well', dim: 3 }, 'dim is odd. Give an even number'],
  ])('refuse %o', (value, expected) => {
    expect(refusal(value)).toContain(expected);
  });

  it('have a form, one alternative for each type', () => {
    const form = formOf(targetSchema);
    expect(form).toMatchObject({ type: 'union' });
    expect(form.type === 'union' && form.alternatives.length).toBe(16);
  });
});
