import { InputError } from '../../../shared/errors';
import type { CompileOptions } from '../types';

/** Doubles exist on the processor only: WebGPU has no such type, tfjs neither, and a GPU's are slow where they exist. */
export function refuseDoubles(device: string, options: CompileOptions): void {
  if (options.precision !== 'float64') return;
  throw new InputError(
    'precision',
    `is "float64", which the device "${device}" does not have`,
    'Use the device "cpu".',
  );
}
