import type { CoverageOf, Picture } from '../../result';
import type { Figure } from '../figure';
import { classCoverageBars } from './classCoverage';
import { marginalDistances } from './marginalDistances';
import { ratioMap } from './ratioMap';
import { ratioRanks } from './ratioRanks';
import { coverageScatter } from './scatter';
import { signBalance } from './signBalance';
import { mostBars, weightBars } from './weightBars';

export interface CoverageFiguresInput {
  readonly coverage: CoverageOf;
  readonly label: string;
  readonly picture?: Picture | undefined;
  readonly highlight?: number | null | undefined;
  readonly sized?: boolean;
}

/** How the modes are weighed: bars where they are few; by rank and, of patterns of signs, as a map where they are many. */
export function weightFigures({ coverage, label, highlight }: CoverageFiguresInput): Figure[] {
  const given = { card: coverage.card, label, signs: coverage.view?.signs, highlight };
  const count = coverage.card.modes?.weights.length ?? 0;
  if (count <= mostBars) return [weightBars(given)];
  const map = ratioMap(given);
  return [ratioRanks(given), ...(map.empty === null ? [map] : [])];
}

/** Every figure of one method's coverage that has something to show. */
export function coverageFigures(input: CoverageFiguresInput): Figure[] {
  const { coverage } = input;
  return [
    coverageScatter(input),
    ...weightFigures(input),
    signBalance(coverage),
    classCoverageBars(coverage.card),
    marginalDistances(coverage.card),
  ].filter(({ empty }) => empty === null);
}
