import type { CoverageView } from '../../../shared/result';
import { assign, type Points } from '../../coverage';
import { highQuality } from '../../coverage/highQuality';
import { normalisedWeights } from '../../coverage/logSums';
import type { TargetRule } from '../../coverage/targetRule';
import type { Target } from '../../targets';
import { axesOf } from '../methods/mcd';

/** What a scatter shows. */
const mostPoints = 5000;
/** Modes that are placed and named in it. */
const mostPlaced = 1024;

/**
 * The scatter beside a card: draws on the axes of the target's picture, with the mode, the quality and the weight of each.
 * @param logWeights of the draws, nats
 */
export function coverageView(
  target: Target,
  draws: Points,
  rule: TargetRule | undefined,
  logWeights: Float64Array | undefined,
): CoverageView {
  const axes = axesOf(target);
  const { data, count, dim } = draws;
  const at = (row: ArrayLike<number>, first: number): number[] =>
    axes.map(({ direction }) =>
      short(direction.reduce((total, value, i) => total + value * (row[first + i] ?? NaN), 0)),
    );
  const stride = Math.max(1, Math.ceil(count / mostPoints));
  const shown = Array.from({ length: Math.ceil(count / stride) }, (_, i) => i * stride);
  const assignment = rule === undefined ? undefined : assign(draws, rule.rule);
  const which = assignment === undefined ? undefined : highQuality(assignment, dim)?.which;
  const weights = logWeights === undefined ? undefined : normalisedWeights(logWeights);
  const modes = target.modes ?? [];
  return {
    axes: axes.map(({ label }) => label),
    points: shown.map((row) => at(data, row * dim)),
    modes: shown.map((row) => {
      const mode = assignment?.mode[row] ?? -1;
      return mode < 0 ? null : mode;
    }),
    good: shown.map((row) => which === undefined || which[row] === 1),
    ...(weights === undefined ? {} : { weights: shown.map((row) => short(count * (weights[row] ?? 0))) }),
    ...(rule !== undefined && modes.length > 0 && modes.length <= mostPlaced
      ? { locations: modes.map(({ location }) => at(location, 0)) }
      : {}),
    ...signParts(target, draws),
  };
}

function signParts({ assignment }: Target, { data, count, dim }: Points): Pick<CoverageView, 'signs' | 'balance'> {
  if (assignment?.type !== 'sign') return {};
  const { axes, thresholds, above } = assignment;
  const modes = 2 ** axes.length;
  const share = axes.map((axis, i) => {
    let positive = 0;
    for (let row = 0; row < count; row += 1) positive += Number((data[row * dim + axis] ?? NaN) > (thresholds[i] ?? 0));
    return positive / count;
  });
  return {
    ...(modes > mostPlaced
      ? {}
      : {
          signs: Array.from({ length: modes }, (_, mode) =>
            axes.map((_axis, bit) => ((mode >> bit) & 1 ? '+' : '-')).join(''),
          ),
        }),
    balance: { share, expected: [...above] },
  };
}

/** Six digits are more than any screen shows. */
function short(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : 0;
}
