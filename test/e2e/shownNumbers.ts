import type { Page } from 'playwright-core';
import { estimatorLabel } from '../../src/shared/labels';
import type { Result } from '../../src/shared/result';

/** A line of numbers in the answer beside a run's figure, as a person reads it. */
export interface ShownLine {
  /** "upper", "lower", "gap" or "estimate". */
  readonly side: string;
  /** The estimator as it is called there; empty for the gap. */
  readonly by: string;
  readonly value: string;
  /** What follows ±; empty where there is no interval. */
  readonly halfWidth: string;
}

/** The bracket and the other bounds, from top to bottom. */
export function shownLines(page: Page): Promise<ShownLine[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.bracket-numbers tbody tr, .bound-lines tbody tr')].map((row) => {
      const text = (name: string): string => row.querySelector(`.${name}`)?.textContent.trim() ?? '';
      return {
        side: ['upper', 'lower', 'gap', 'estimate'].find((name) => row.classList.contains(name)) ?? '',
        by: text('by'),
        value: text('whole') + text('fraction'),
        halfWidth: text('interval').replace('±', '').trim(),
      };
    }),
  );
}

/**
 * A number rounded to the last digit that a text shows of it, written in the same way; equal to the text if that tells the truth.
 * @param halfWidth what is shown of its interval: where that ends in zeros, so does the number
 */
function asShown(value: number, text: string, halfWidth = ''): string {
  const decimals = text.split('.')[1]?.length ?? 0;
  const zeros = decimals > 0 ? 0 : (/0+$/.exec(halfWidth)?.[0].length ?? 0);
  const place = 10 ** Math.min(zeros, Math.max(0, halfWidth.length - 1));
  const rounded = (Math.round(value / place) * place).toFixed(0);
  const written = decimals > 0 ? value.toFixed(decimals) : rounded;
  return (/^-[0.]+$/.test(written) ? written.slice(1) : written).replace('-', '−');
}

/** What a result says. */
interface Told {
  readonly estimator: string;
  readonly value: number | null;
  readonly ci95: number | null;
}

/**
 * The lines that a result would give, each number rounded as the shown one is: equal to the shown lines if those tell the truth.
 * @throws Error for a line that no bound of the result can have given, or more than one
 */
export function asWritten(shown: readonly ShownLine[], result: Result): ShownLine[] {
  const best = result.metrics['best'] as Record<'lower' | 'upper', Told> & { gap: number; gapCi95: number };
  return shown.map(({ side, by, value, halfWidth }, index) => {
    const told = index < 2 ? best[side as 'lower' | 'upper'] : index === 2 ? gapOf(best) : boundOf(side, by, result);
    if (told.value === null || told.ci95 === null) throw new Error(`The result has no number for ${by}, ${side}.`);
    const label = told.estimator === '' ? '' : estimatorLabel(told.estimator);
    return {
      side,
      // It may say more, to tell bounds of one estimator apart.
      by: by.startsWith(label) ? by : label,
      value: asShown(told.value, value, halfWidth),
      halfWidth: halfWidth === '' ? '' : asShown(told.ci95, halfWidth, halfWidth),
    };
  });
}

const gapOf = ({ gap, gapCi95 }: { gap: number; gapCi95: number }): Told => ({
  estimator: '',
  value: gap,
  ci95: gapCi95,
});

function boundOf(side: string, by: string, { bounds }: Result): Told {
  const same = bounds.filter((bound) => bound.side === side && by.startsWith(estimatorLabel(bound.estimator)));
  const [only] = same;
  if (only === undefined || same.length > 1) throw new Error(`${same.length} ${side} bounds of the result are ${by}.`);
  return only;
}
