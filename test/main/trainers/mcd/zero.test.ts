import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../../../src/main/targets';
import { ForwardPaths } from '../../../../src/main/trainers/mcd/forwardPaths';
import { pathNoise } from '../../../../src/main/trainers/mcd/noise';
import { initialScore } from '../../../../src/main/trainers/mcd/scoreNetwork';
import { pathSettings } from '../../../../src/main/trainers/mcd/settings';
import { networkFeeds } from '../../../../src/main/trainers/mcd/evaluate';
import { pathContext, pathSpec } from '../../../support/mcd';

const target = await buildTarget({ type: 'student-t', dim: 3, degrees: 3, location: 1, scale: 1 }, '.');
const context = await pathContext(target, { precision: 'float64' });
const rows = 50;

async function weights(draft: Record<string, unknown>, shift = 0): Promise<Float64Array> {
  const settings = pathSettings(pathSpec({ steps: 9, stepSize: 0.15, ...draft }), 3, 1);
  const paths = await ForwardPaths.open(settings, rows, context);
  const network = settings.network === undefined ? undefined : initialScore(settings.network, 2);
  network?.['output.bias']?.fill(shift);
  const feeds = networkFeeds(network === undefined ? {} : { network });
  await paths.run(settings.initial, feeds, pathNoise(5, 3, 9)(0, 0, rows));
  const logWeights = paths.path.logWeights.slice();
  await paths.dispose();
  return logWeights;
}

describe.each([
  ['ula', 'ula-mcd', {}, {}],
  ['uha', 'uha-mcd', {}, {}],
  ['uha', 'uha-mcd', { integrator: 'drift-kick-drift' }, {}],
  ['uha', 'uha-mcd', {}, { backwardMean: 'tweedie' }],
  ['ula', 'ula-mcd', {}, { score: { residual: false } }],
  ['uha', 'uha-mcd', {}, { score: { residual: false } }],
])('a network whose output is zero', (plain, learned, shared, own) => {
  const more = { ...shared, ...own };
  it(`leaves ${learned} ${JSON.stringify(more)} what ${plain} is, path by path`, async () => {
    const expected = await weights({ type: plain, ...shared });
    const found = await weights({ type: learned, ...more });
    found.forEach((value, row) => expect(Math.abs(value - (expected[row] ?? NaN))).toBeLessThan(1e-12));
    const moved = await weights({ type: learned, ...more }, 0.01);
    expect(moved.some((value, row) => Math.abs(value - (expected[row] ?? NaN)) > 1e-4)).toBe(true);
  });
});
