import type { NumberParts } from '../../../shared/bracketTexts';
import type { BoundName } from '../../../shared/boundNames';
import type { Bound } from '../../../shared/result';

/** A line of large numbers: a bound, a truth, or the gap between them. */
export interface NumberLine {
  readonly look: 'lower' | 'upper' | 'truth' | 'gap';
  readonly parts: NumberParts;
  /** What the number comes from: an estimator, which opens its card, or a word. */
  readonly by?: NumberSource | string;
  /** Less large: beside one that says more. */
  readonly second?: boolean;
}

export interface NumberSource {
  readonly bound: BoundName & Pick<Bound, 'side'> & Partial<Pick<Bound, 'quantity' | 'terms' | 'seconds'>>;
  readonly label: string;
  /** Under the name: "over 10,000 test data". */
  readonly note?: string;
}
