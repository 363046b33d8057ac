import { InputError } from '../../shared/errors';
import type { TargetOf } from '../../shared/runFile/target';
import type { Tabular } from '../datasets/tabular';

type Scaling = TargetOf<'logistic-regression'>['scaling'];

export interface Design {
  /** `[fitted, columns + 1]`, a 1 first in each row. */
  readonly design: Float64Array;
  /** `[rest, columns + 1]`, scaled by the mean and width of the fitted rows. */
  readonly heldOut: Float64Array;
  /** Columns that are the same in all fitted rows; scaled to 0. */
  readonly constant: readonly number[];
}

/**
 * Features as a regression reads them.
 * @param fitted rows whose mean and width the scaling goes by
 * @throws InputError if every column is constant
 */
export function scaledDesign(
  { features, columns, name }: Pick<Tabular, 'features' | 'columns' | 'name'>,
  fitted: readonly number[],
  rest: readonly number[],
  scaling: Scaling,
): Design {
  const width = columns.length;
  const scales = columns.map((_, column) =>
    scaleOf(
      fitted.map((row) => features[row * width + column] ?? NaN),
      scaling,
    ),
  );
  const constant = scales.flatMap((scale, column) => (scale.constant ? [column] : []));
  if (constant.length === width)
    throw new InputError(name, 'every feature is the same in all rows', 'Take data whose features vary.');
  const design = (rows: readonly number[]): Float64Array => {
    const out = new Float64Array(rows.length * (width + 1));
    rows.forEach((row, at) => {
      out[at * (width + 1)] = 1;
      scales.forEach(({ shift, factor }, column) => {
        out[at * (width + 1) + column + 1] = ((features[row * width + column] ?? NaN) - shift) / factor;
      });
    });
    return out;
  };
  return { design: design(fitted), heldOut: design(rest), constant };
}

/** A constant column is moved but not divided. */
function scaleOf(values: readonly number[], scaling: Scaling): { shift: number; factor: number; constant: boolean } {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const constant = low === high;
  if (scaling === 'none') return { shift: 0, factor: 1, constant };
  if (constant) return { shift: low, factor: 1, constant };
  if (scaling === 'min-max') return { shift: low, factor: high - low, constant };
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
  return { shift: mean, factor: Math.sqrt(variance), constant };
}
