import { chainEstimators } from '../bounds';
import { ba } from '../bounds/ba';
import { bdmc } from '../bounds/bdmc';
import { ibal, ibalCheck } from '../bounds/ibal';
import { subsetBounds } from '../bounds/subsets';
import { meanInterval } from '../../shared/statistics';
import type { Estimator } from '../../shared/runFile';
import type { DatumBounds } from './datumBounds';
import { sidesOf } from './sampleBounds';
import type { ExactValues } from './samplingRows';
import type { WalkRound } from './walk';

/** The bounds on log p(x) that chains toward the posterior give, with all chains and with subsets of them. */
export function chainBounds(
  estimators: readonly Estimator[],
  base: string,
  { round, seconds }: WalkRound,
  counts: readonly number[],
): DatumBounds[] {
  return [...new Set(estimators)].flatMap((estimator) => {
    const bound = chainEstimators[estimator];
    if (bound === undefined) return [];
    return counts.map((samples): DatumBounds => {
      const all = samples === round.weights[0]?.forward.length;
      const each = round.weights.map((weights) => (all ? bound(weights) : subsetBounds(bound, weights, samples)));
      return { estimator, base, samples, seconds, logPx: sidesOf(each) };
    });
  });
}

/** The bounds on the implicit Barber–Agakov bound of a critic; its lower side bounds I(x; z) too. */
export function energyBounds(
  names: { readonly base: string; readonly critic: string },
  exact: ExactValues,
  index: number,
  { round, seconds }: WalkRound,
  counts: readonly number[],
): DatumBounds[] {
  return counts.map((samples): DatumBounds => {
    const each = round.weights.map((weights, datum) =>
      ibal(valuesOf(exact, index, datum), subsetBounds(bdmc, weights, samples)),
    );
    const { lower, upper } = sidesOf(each);
    return { estimator: 'ibal', ...names, samples, seconds, mi: { lower }, ibal: { lower, upper } };
  });
}

/** What is to be said of a critic after its chains: one sentence, or none. */
export function energyWarning(
  critic: string,
  exact: ExactValues,
  index: number,
  { round, temperatures }: WalkRound,
): string | undefined {
  const data = round.weights.map((weights, datum) => {
    const values = valuesOf(exact, index, datum);
    return { ...ibal(values, bdmc(weights)), ba: values.ba };
  });
  const check = ibalCheck(data);
  if (check === undefined) return undefined;
  const mean = (values: readonly number[]): string => meanInterval(values).mean.toPrecision(4);
  if (check.aboveIbal) {
    return `The lower side of IBAL with ${critic} is above its upper side: Proposition M.1 does not hold for this critic, so that ${mean(data.map(({ lower }) => lower ?? Number.NaN))} nats bound I(x; z) but not IBAL. Train the critic longer, or use more temperatures.`;
  }
  if (check.worseThanBase) {
    return `IBAL with ${critic} is below the Barber–Agakov bound of its base (${mean(data.map(({ ba: first }) => first))} nats): the critic is worse than none. Train it longer or with a smaller learning rate.`;
  }
  if (check.belowBase) {
    return `The lower side of IBAL with ${critic} is below the Barber–Agakov bound of its base (${mean(data.map(({ ba: first }) => first))} nats): chains toward its energy end further from the posterior than they start. More temperatures or a better trained critic mend it.`;
  }
  const open = check.gap.mean > Math.max(0.5, 2 * (check.gap.ci95 ?? 0));
  return open
    ? `IBAL with ${critic} has a gap of ${check.gap.mean.toPrecision(2)} nats after ${temperatures} temperatures, so that Proposition M.1 is not evident: its lower side bounds I(x; z), and IBAL only if the proposition holds. More temperatures close it.`
    : undefined;
}

function valuesOf(exact: ExactValues, index: number, datum: number): { ba: number; critic: number } {
  const logBase = exact.logBase[datum] ?? Number.NaN;
  return {
    ba: ba({ logBase, logPrior: exact.logPrior[datum] ?? Number.NaN }),
    critic: exact.critics[index]?.[datum] ?? Number.NaN,
  };
}
