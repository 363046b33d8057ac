import type { CoverageCard } from './coverage';
import { formatCount, formatNumber } from './format';

/**
 * How a mode stands that a card lists.
 *
 * - missed: certainly fewer samples than its weight calls for, and so few good ones that it does not count as found.
 * - short: found, but certainly with fewer samples than its weight calls for.
 * - undecidable: these samples are too few to tell.
 */
export type Standing = 'missed' | 'short' | 'undecidable';

/** The share of its weight from which a mode counts as found, where a card does not say it. */
const usualTau = 0.1;

/** Of every mode that is not simply found, by its number. */
export function standingsOf({ missed, undecidable, samples, metrics }: CoverageCard): ReadonlyMap<number, Standing> {
  const told = metrics['modesFound']?.parameters['tau'];
  const tau = typeof told === 'number' ? told : usualTau;
  return new Map<number, Standing>([
    ...undecidable.map((mode) => [mode, 'undecidable'] as const),
    ...missed.map(({ mode, weight, highQuality }) => {
      const found = highQuality > 0 && highQuality >= (1 - 1e-12) * tau * weight * samples;
      return [mode, found ? 'short' : 'missed'] as const;
    }),
  ]);
}

export const standingLabels: Readonly<Record<Standing | 'found', string>> = {
  found: 'found',
  missed: 'missed',
  short: 'too few samples',
  undecidable: 'cannot be judged',
};

/** Modes of one standing, in the order of the card. */
export function modesOf(card: CoverageCard, wanted: Standing): number[] {
  return [...standingsOf(card)].filter(([, standing]) => standing === wanted).map(([mode]) => mode);
}

/** " 971 have no sample, where exact samples would leave 0.1.": what is certain of modes that cannot be judged one by one. */
export function emptyText({ modes, metrics }: CoverageCard): string {
  const expected = metrics['modesFound']?.expected;
  if (modes === undefined || expected === undefined) return '';
  const empty = modes.raw.filter((share) => share === 0).length;
  if (empty === 0) return '';
  const usual = Math.max(0, modes.weights.length - expected);
  return ` ${formatCount(empty)} ${empty === 1 ? 'has' : 'have'} no sample; of exact samples it would be ${usual < 10 ? formatNumber(usual, 1) : formatCount(usual)} on average.`;
}
