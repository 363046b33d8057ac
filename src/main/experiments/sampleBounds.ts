import { ba, elboEubo } from '../bounds/ba';
import { giwae } from '../bounds/giwae';
import { infonce } from '../bounds/infonce';
import { iwae } from '../bounds/iwae';
import { mineDv } from '../bounds/mineDv';
import { mineF } from '../bounds/mineF';
import type { CriticValues, InformationTerms } from '../bounds/types';
import type { Estimator } from '../../shared/runFile';
import type { DatumBounds } from './datumBounds';
import type { Samples } from './sampling';
import type { Sum } from './samplingSums';

/** What the samples of one base are asked for. */
export interface SampleRequest {
  /** The base's name. */
  readonly base: string;
  /** log p(x, z)-based estimators: "ba", "iwae", "s-infonce". */
  readonly weighted: readonly Estimator[];
  /** The K of "iwae" and "s-infonce". */
  readonly weightCounts: readonly number[];
  /** Names of the critics, in the order of the samples' sums. */
  readonly critics: readonly string[];
  readonly contrasted: readonly Estimator[];
  readonly criticCounts: readonly number[];
}

/** Every bound that the samples of one base give. */
export function sampleBounds(samples: Samples, request: SampleRequest): DatumBounds[] {
  return [...weightedBounds(samples, request), ...criticBounds(samples, request)];
}

function weightedBounds({ exact, fresh, others }: Samples, request: SampleRequest): DatumBounds[] {
  const { base, weighted, weightCounts } = request;
  const results: DatumBounds[] = [];
  const most = Math.max(0, ...weightCounts);
  if (weighted.includes('ba')) {
    const sums = fresh.get(most)?.weights ?? [];
    const each = sums.map(({ mean }, datum) => elboEubo({ mean, exact: exact?.logWeight[datum] }));
    results.push({
      estimator: 'ba',
      base,
      logPx: sidesOf(each),
      // The cancelled form: the likelihood is not in it.
      ...(exact === undefined
        ? {}
        : { mi: { lower: baTerms(exact) }, terms: { ba: baTerms(exact), contrastive: zeros(exact) } }),
    });
  }
  for (const estimator of ['iwae', 's-infonce'] as const) {
    if (!weighted.includes(estimator)) continue;
    for (const count of weightCounts) {
      const [at, beside] = [fresh.get(count), others.get(count)];
      if (at === undefined) continue;
      const each = at.weights.map(({ logSumExp }, datum) =>
        iwae({
          fresh: logSumExp,
          exact: exact?.logWeight[datum],
          // K = 1 has no others.
          negatives: exact === undefined ? undefined : beside?.weights[datum]?.logSumExp,
        }),
      );
      const terms =
        exact === undefined || beside === undefined
          ? undefined
          : beside.weights.map(({ logSumExp }, datum) =>
              giwae({
                ba: ba({ logBase: exact.logBase[datum] ?? Number.NaN, logPrior: exact.logPrior[datum] ?? Number.NaN }),
                critic: exact.logWeight[datum] ?? Number.NaN,
                negatives: logSumExp,
              }),
            );
      results.push({
        estimator,
        base,
        samples: count,
        seconds: at.seconds + (beside?.seconds ?? 0),
        logPx: sidesOf(each),
        ...(terms === undefined ? {} : { terms: columns(terms) }),
      });
    }
  }
  return results;
}

function criticBounds({ exact, fresh, others }: Samples, request: SampleRequest): DatumBounds[] {
  if (exact === undefined) return [];
  const { base, critics, contrasted, criticCounts } = request;
  return critics.flatMap((critic, index) =>
    contrasted.flatMap((estimator) =>
      criticCounts.flatMap((count): DatumBounds[] => {
        const values = (sums: readonly Sum[]): CriticValues[] =>
          sums.map(({ logSumExp }, datum) => ({
            ba: ba({ logBase: exact.logBase[datum] ?? Number.NaN, logPrior: exact.logPrior[datum] ?? Number.NaN }),
            critic: exact.critics[index]?.[datum] ?? Number.NaN,
            negatives: logSumExp,
          }));
        const [at, beside] = [fresh.get(count), others.get(count)];
        const name = { estimator, base, critic, samples: count };
        switch (estimator) {
          case 'infonce': {
            const gains = values(beside?.critics[index] ?? []).map((each) => infonce(each.critic, each.negatives));
            return [
              {
                ...name,
                seconds: beside?.seconds ?? 0,
                mi: { lower: gains },
                terms: { ba: gains.map(() => 0), contrastive: gains },
              },
            ];
          }
          case 'giwae': {
            const terms = values(beside?.critics[index] ?? []).map(giwae);
            return [
              {
                ...name,
                seconds: beside?.seconds ?? 0,
                mi: { lower: terms.map(({ value }) => value) },
                terms: columns(terms),
              },
            ];
          }
          case 'mine-dv':
          case 'gmine-dv': {
            const data = values(at?.critics[index] ?? []);
            return [{ ...name, seconds: at?.seconds ?? 0, estimate: { ...mineDv(data), n: data.length } }];
          }
          case 'mine-f':
          case 'gmine-f':
            return [{ ...name, seconds: at?.seconds ?? 0, mi: { lower: values(at?.critics[index] ?? []).map(mineF) } }];
          default:
            return [];
        }
      }),
    ),
  );
}

function baTerms({ logBase, logPrior }: NonNullable<Samples['exact']>): number[] {
  return Array.from(logBase, (value, datum) => ba({ logBase: value, logPrior: logPrior[datum] ?? Number.NaN }));
}

function zeros({ logBase }: NonNullable<Samples['exact']>): number[] {
  return Array.from(logBase, () => 0);
}

function columns(terms: readonly InformationTerms[]): NonNullable<DatumBounds['terms']> {
  return { ba: terms.map(({ ba: first }) => first), contrastive: terms.map(({ contrastive }) => contrastive) };
}

/** Bounds of each datum as two columns; a side that any datum lacks is absent. */
export function sidesOf(each: readonly { readonly lower?: number | undefined; readonly upper?: number | undefined }[]) {
  const column = (side: 'lower' | 'upper'): number[] | undefined =>
    each.some((values) => values[side] === undefined) ? undefined : each.map((values) => values[side] as number);
  return { lower: column('lower'), upper: column('upper') };
}
