import { InputError } from '../../shared/errors';
import { number } from './table';

/** As many features times rows as are kept in memory: half a gigabyte of doubles. */
export const MAX_TABULAR = 2 ** 26;

/** Rows of numbers, each with a label. */
export interface Features {
  readonly count: number;
  /** `[count, columns]`, all finite. */
  readonly features: Float64Array;
  /** Names of the features; f1, f2, … by their place in the file where it has none. */
  readonly columns: readonly string[];
  /** `[count]` of 0 and 1. */
  readonly labels: Int32Array;
  /** What the file calls class 0 and class 1. */
  readonly classes: readonly [string, string];
  /** Where the labels were found. */
  readonly labelColumn: string;
  /** Rows left out because a cell was missing. */
  readonly dropped: number;
}

/** The labels of a table's rows, as they come. */
export interface LabelColumn {
  add(text: string): void;
  /**
   * @param positive the label of class 1; the greater one when left out: by number where both are numbers, else in the alphabet
   * @throws InputError if there are not two different labels, or `positive` is neither
   */
  finish(positive: string | number | undefined): { labels: Int32Array; classes: readonly [string, string] };
}

const MAX_DISTINCT = 1000;

export function collectLabels(where: string): LabelColumn {
  const codes = new Map<string, number>();
  const given: number[] = [];
  return {
    add(text) {
      const label = canonical(text);
      let code = codes.get(label);
      if (code === undefined) {
        if (codes.size >= MAX_DISTINCT) throw tooMany(where, [...codes.keys()], `more than ${MAX_DISTINCT}`);
        codes.set(label, (code = codes.size));
      }
      given.push(code);
    },
    finish(positive) {
      const found = [...codes.keys()];
      const [first, second] = found;
      if (first === undefined || second === undefined)
        throw new InputError(
          where,
          `every row has the label ${shown(first ?? '')}`,
          'Take data of two classes, or name another column as the label.',
        );
      if (found.length > 2) throw tooMany(where, found, String(found.length));
      const one = positive === undefined ? greater(first, second) : canonical(String(positive));
      if (one !== first && one !== second)
        throw new InputError(
          where,
          `no row has the label ${shown(one)}`,
          `The labels are ${shown(first)} and ${shown(second)}.`,
        );
      const code = codes.get(one);
      return {
        labels: Int32Array.from(given, (value) => (value === code ? 1 : 0)),
        classes: one === second ? [first, second] : [second, first],
      };
    },
  };
}

/** "+1" and "1.0" are the label "1". */
function canonical(text: string): string {
  return number.test(text) ? String(Number(text)) : text;
}

function greater(a: string, b: string): string {
  const both = number.test(a) && number.test(b);
  return (both ? Number(a) > Number(b) : a > b) ? a : b;
}

function shown(label: string): string {
  return JSON.stringify(label.length > 40 ? `${label.slice(0, 40)}…` : label);
}

function tooMany(where: string, found: readonly string[], count: string): InputError {
  return new InputError(
    where,
    `the label has ${count} different values, ${found.slice(0, 3).map(shown).join(', ')} and so on`,
    'Name a column with two values as the label.',
  );
}
