import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../../../src/main/targets';
import type { PathOptions } from '../../../../src/main/trainers/paths/types';
import {
  correctAll,
  givenNoise,
  openPath,
  plainCoefficients,
  plainStart,
  type AffineScore,
} from '../../../support/paths';

// Worked by hand from the definitions: N(0, 1) to N(3, 0.25) in two transitions with β = ½, 1, x₀ = 0.3 and noises 0.5, −0.2.
const target = await buildTarget({ type: 'gaussian', dim: 1, mean: 3, std: 0.5 }, '.');

interface Case {
  readonly options: Pick<PathOptions, 'dynamics' | 'integrator'>;
  readonly step: number;
  readonly score?: AffineScore;
  readonly logWeight: number;
  readonly positions: readonly number[];
  readonly tildes?: readonly number[];
}

const kick = { dynamics: 'underdamped', integrator: 'kick-drift-kick' } as const;
const drift = { dynamics: 'underdamped', integrator: 'drift-kick-drift' } as const;
const cases: [string, Case][] = [
  [
    'ULA',
    {
      options: { dynamics: 'overdamped' },
      step: 0.1,
      logWeight: -8.8158321094,
      positions: [1.0486067977, 1.7397213595],
    },
  ],
  [
    'ULA with scores',
    {
      options: { dynamics: 'overdamped' },
      step: 0.1,
      score: { position: -0.5, momentum: 0, offset: 0 },
      logWeight: -7.3096750577,
      positions: [1.0486067977, 1.7397213595],
    },
  ],
  [
    'UHA, kick first',
    {
      options: kick,
      step: 0.2,
      logWeight: -13.3531590713,
      positions: [0.3763231282, 0.6116798625],
      tildes: [0.0474234614, 0.7157047589],
    },
  ],
  [
    'UHA, drift first',
    {
      options: drift,
      step: 0.2,
      logWeight: -13.4943098837,
      positions: [0.3762177427, 0.6108522585],
      tildes: [0.0474234614, 0.7297047589],
    },
  ],
  [
    'UHA with scores',
    {
      options: kick,
      step: 0.2,
      score: { position: 0.1, momentum: -0.3, offset: 0 },
      logWeight: -13.457226899,
      positions: [0.3763231282, 0.6116798625],
      tildes: [0.0474234614, 0.7157047589],
    },
  ],
];

describe('a worked path, in doubles', () => {
  it.each(cases)(
    'of %s has the golden states and log weight',
    async (_, { options, step, score, logWeight, ...states }) => {
      const path = await openPath(target, { ...options, steps: 2, rows: 1 });
      const coefficients = plainCoefficients(1, 2, step, { refreshment: 0.8, mass: 1.5 });
      await path.run(plainStart(1), coefficients, givenNoise(0.3, -0.4 / Math.sqrt(1.5), [0.5, -0.2]));
      if (score !== undefined) correctAll(path, () => score);
      expect(path.logWeights[0]).toBeCloseTo(logWeight, 9);
      states.positions.forEach((x, k) => expect(path.position(k + 1)[0]).toBeCloseTo(x, 9));
      states.tildes?.forEach((p, k) => expect(path.scoreInput(k + 1).momentum?.[0]).toBeCloseTo(p, 9));
      expect(path.ends[0]).toBe(path.position(2)[0]);
      await path.dispose();
    },
  );
});
