import { describe, expect, it } from 'vitest';
import { scaleWarnings } from '../../../../src/main/experiments/methods/flowScales';
import { methodsIn } from '../../../../src/shared/targetRun/names';

const warnings = (flows: readonly object[], metrics: Record<string, object>): string[] =>
  scaleWarnings(
    methodsIn({
      kind: 'target',
      target: { type: 'funnel' },
      methods: flows.map((flow) => ({ type: 'annealing-flow', ...flow })),
    }),
    metrics,
    10_000,
  );

describe('flows from two bases', () => {
  // Standard errors: 0.001 and 0.0058; they are apart by 1.79 or by five standard errors, 0.0294.
  const of = (logZ: number, ess: number) => ({ logZEstimate: logZ, ess });
  const scales = [{ baseScale: 1 }, { baseScale: 4 }];

  it('are said to disagree about log Z, and which has lost something', () => {
    expect(warnings(scales, { 'annealing-flow': of(-1.79, 9900), 'annealing-flow-2': of(-0.004, 7500) })).toEqual([
      'annealing-flow: from a base of scale 1 it puts log Z at -1.79 nats, another flow from one of scale 4 at -0.00: this one has lost a part of the target.',
    ]);
    expect(warnings(scales, { 'annealing-flow': of(0.031, 9900), 'annealing-flow-2': of(0, 7500) })).toHaveLength(1);
  });

  it('are not, within their noise, from one base, or where there is no estimate', () => {
    expect(warnings(scales, { 'annealing-flow': of(0.028, 9900), 'annealing-flow-2': of(0, 7500) })).toEqual([]);
    expect(warnings([{}, {}], { 'annealing-flow': of(-1.79, 9900), 'annealing-flow-2': of(0, 7500) })).toEqual([]);
    expect(warnings(scales, { 'annealing-flow': of(-1.79, 9900), 'annealing-flow-2': {} })).toEqual([]);
    expect(warnings([], {})).toEqual([]);
  });
});
