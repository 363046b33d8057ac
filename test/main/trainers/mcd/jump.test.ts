import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { buildTarget, type Target } from '../../../../src/main/targets';
import { JointObjective } from '../../../../src/main/trainers/mcd/jointObjective';
import { pathSettings } from '../../../../src/main/trainers/mcd/settings';
import { pathContext, pathSpec } from '../../../support/mcd';

const dim = 20;
const target = await buildTarget({ type: 'laplace', dim, location: 0, scale: 1 }, '.');
/** The same density, with a curvature that is zero wherever it exists. */
const flat: Target = {
  ...target,
  logDensity: () => (z) => tf.sub(tf.neg(tf.sum(tf.abs(z), 1)), dim * Math.LN2),
};

/**
 * By how many standard errors the slope of the bound along the step size is off, from that of differences with the same noise: wide ones, which
 * average over jumps.
 */
async function deviation(of: Target, draft: Record<string, unknown>): Promise<number> {
  const settings = pathSettings(pathSpec({ steps: 32, stepSizes: 'constant', ...draft }), dim, 1);
  const batch = 512;
  const objective = await JointObjective.open(settings, batch, await pathContext(of), 1);
  const at = async (shift: number, iteration: number): Promise<{ bound: number; slope: number }> => {
    const stepSizes = settings.initial.stepSizes.map((value) => value + shift);
    const found = await objective.evaluate({ ...settings.initial, stepSizes }, undefined, iteration);
    if (!('gradient' in found) || found.gradient === undefined) throw new Error('no gradient');
    return { bound: found.bound, slope: -(found.gradient.stepSizes[0] ?? Number.NaN) };
  };
  const off: number[] = [];
  for (let iteration = 0; iteration < 8; iteration += 1) {
    const [up, down] = [await at(0.05, iteration), await at(-0.05, iteration)];
    off.push((await at(0, iteration)).slope - (up.bound - down.bound) / 0.1);
  }
  await objective.dispose();
  const mean = off.reduce((a, b) => a + b, 0) / off.length;
  const variance = off.reduce((total, one) => total + (one - mean) ** 2, 0) / (off.length - 1);
  return mean / Math.sqrt(variance / off.length);
}

describe.each([
  { type: 'uha', stepSize: 0.1 },
  { type: 'ula', stepSize: 0.05 },
])('the slope of the bound of $type where the gradient of a density jumps', (draft) => {
  // Beyond 5 standard errors, Student's t with 7 degrees of freedom is once in 600 seeds.
  it('is that of differences, which a curvature of zero misses', async () => {
    expect(Math.abs(await deviation(target, draft))).toBeLessThan(5);
    expect(Math.abs(await deviation(flat, draft))).toBeGreaterThan(15);
  });
});
