import type { Precision } from '../../tensor/types';
import type { Floats } from './types';

/** Makes arrays of zeros that programs of a precision read and write without converting. */
export function floatsOf(precision: Precision): (length: number) => Floats {
  return precision === 'float64' ? (length) => new Float64Array(length) : (length) => new Float32Array(length);
}
