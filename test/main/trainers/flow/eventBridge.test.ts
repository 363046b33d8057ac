import { describe, expect, it } from 'vitest';
import { eventProbability } from '../../../../src/main/metrics/eventProbability';
import {
  logProbability,
  shiftedVariance,
  widenedVariance,
  type RareEvent,
} from '../../../../src/main/targets/oracles/rareEvents';
import { evaluateAnnealingFlow } from '../../../../src/main/trainers/flow/density';
import { eventBridge, eventBridgeToNormal, isInEvent } from '../../../../src/main/trainers/flow/eventBridge';
import { FlowPrograms, type AnnealingFlow } from '../../../../src/main/trainers/flow/programs';
import type { EventSpec } from '../../../../src/shared/runFile';
import { finish } from '../../../support/finish';
import { discrepancy, estimate } from '../../../support/moments';
import { flowContext } from '../../../support/trainedFlow';

const context = await flowContext('float64');
const ball = (dim: number, radius: number) => ({ type: 'outside-ball', dim, radius }) as const;
const half = (dim: number, threshold: number) => ({ type: 'half-space', dim, threshold }) as const;

/** A block whose velocity is affine, v(x) = growth x + shift e₁. */
function affine(dim: number, growth: number, shift: number): AnnealingFlow {
  const weight = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i += 1) weight[i * dim + i] = growth;
  const bias = new Float64Array(dim);
  bias[0] = shift;
  return {
    network: { dim, hidden: [], activation: 'tanh', timeInput: false },
    rule: 'rk4',
    blocks: [{ '0.weight': weight, '0.bias': bias }],
  };
}

/** log p − log ρ of draws in the event, −∞ of the others. */
async function weigh(flow: AnnealingFlow, event: EventSpec, samples = 100_000): Promise<Float64Array> {
  const bridge = eventBridgeToNormal(event, [{ edge: 1, sharpness: 5 }]);
  const options = { samples, steps: 24, scale: 1, keep: samples };
  const { trained } = await finish(evaluateAnnealingFlow(flow, bridge, options, context));
  return trained.sampleLogWeights.map((value, row) =>
    isInEvent(event, trained.samples, row * event.dim) ? value : -Infinity,
  );
}

describe('the bridge of a rare event', () => {
  const at = async (event: EventSpec, x: readonly number[]) => {
    const bridge = eventBridgeToNormal(event, [{ edge: 3, sharpness: 10 }]);
    const network = { dim: 2, hidden: [], activation: 'tanh', timeInput: false } as const;
    const programs = await FlowPrograms.open({ ...context, bridge, network, rule: 'rk4', rows: 1 });
    const values = await Promise.all([0, 1].map((block) => programs.logDensity(Float64Array.from(x), block)));
    await programs.dispose();
    return values.map(([value]) => value);
  };
  const normal = (x: number, y: number): number => -0.5 * (x * x + y * y) - Math.log(2 * Math.PI);

  it('is a normal times a sigmoid of the radius or of x₁, and ends with the normal', async () => {
    const [smooth, whole] = await at(ball(2, 4), [1.8, 2.5]);
    expect(whole).toBeCloseTo(normal(1.8, 2.5), 12);
    expect(smooth).toBeCloseTo(normal(1.8, 2.5) - Math.log1p(Math.exp(-10 * (Math.hypot(1.8, 2.5) - 3))), 11);
    const [beside] = await at(half(2, 4), [2.9, -7]);
    expect(beside).toBeCloseTo(normal(2.9, -7) - Math.log1p(Math.exp(1)), 11);
    // Deep inside, where the exponential alone would overflow single floats.
    const [deep] = await at(half(2, 4), [-90, 0]);
    expect(deep).toBeCloseTo(normal(-90, 0) - 930, 6);
  });

  it('says what is in the event itself', () => {
    expect(isInEvent(ball(2, 5), [9, 3, 4], 1)).toBe(true);
    expect(isInEvent(ball(2, 5), [9, 3, 3.9], 1)).toBe(false);
    expect(isInEvent(half(2, 2), [2, 9], 0)).toBe(false);
    expect(isInEvent(half(2, 2), [2.1, -9], 0)).toBe(true);
    expect(eventBridge(ball(2, 5), [{ edge: 1, sharpness: 2 }]).blocks).toHaveLength(1);
  });
});

// Of each event the estimate, then the mean square of its weights, within four standard errors: each check rejects what is right once in
// 16,000 times.
describe('weights of exact density', () => {
  it.each([
    { name: 'shifted by 4, x₁ > 4', event: half(1, 4), flow: affine(1, 0, 4), variance: shiftedVariance(4, 4) },
    { name: 'shifted by 3, x₁ > 4', event: half(2, 4), flow: affine(2, 0, 3), variance: shiftedVariance(4, 3) },
    {
      ...{ name: 'twice as wide, |x| ≥ 4', event: ball(2, 4), flow: affine(2, Math.LN2, 0) },
      variance: widenedVariance({ dim: 2, radius: 4 }, 2),
    },
    {
      ...{ name: '1.8 times as wide, |x| ≥ 4 in five dimensions', event: ball(5, 4) },
      ...{ flow: affine(5, Math.log(1.8), 0), variance: widenedVariance({ dim: 5, radius: 4 }, 1.8) },
    },
  ])('have the probability and the variance in closed form: $name', async ({ event, flow, variance }) => {
    const closed: RareEvent = event.type === 'half-space' ? { type: event.type, edge: event.threshold } : event;
    const truth = Math.exp(logProbability(closed));
    const logWeights = await weigh(flow, event);
    const found = eventProbability(logWeights);
    const weights = Array.from(logWeights, (value) => Math.exp(value) / truth);
    expect(discrepancy({ mean: Math.exp(found.logValue) / truth, se: found.relativeError }, 1)).toBeLessThan(4);
    const squares = estimate(weights.map((w) => w * w));
    expect(discrepancy(squares, 1 + variance)).toBeLessThan(4);
    expect(found.relativeVariance).toBeCloseTo(
      estimate(weights).se ** 2 * 1e5 * Math.exp(2 * (Math.log(truth) - found.logValue)),
      8,
    );

    // Zero-mean noise in log ρ, as a divergence estimated by probes has, multiplies what is expected by exp(s²/2): 1.13 here.
    const noisy = logWeights.map((value, draw) => value + 0.5 * Math.sqrt(2) * Math.sin(12.9898 * draw + 1));
    const biased = eventProbability(noisy);
    const off = { mean: Math.exp(biased.logValue) / truth, se: biased.relativeError };
    expect(discrepancy(off, 1)).toBeGreaterThan(4);
  });
});
