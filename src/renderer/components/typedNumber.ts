import { formatCount } from '../../shared/format';

export interface NumberLimits {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly integer?: boolean;
  readonly optional?: boolean;
}

/**
 * What a person typed as a number: "2,000", "1e-3" and "−0.5" count. `value` is undefined where the text is no number within the
 * limits, and null where it may be empty and is.
 */
export function parseTyped(text: string, limits: NumberLimits): { value?: number | null; problem?: string } {
  const plain = text
    .trim()
    .replaceAll(/[,\s ]/g, '')
    .replace('−', '-');
  if (plain === '') return limits.optional === true ? { value: null } : { problem: 'Give a number.' };
  const value = Number(plain);
  if (!Number.isFinite(value)) return { problem: 'This is not a number.' };
  if (limits.integer === true && !Number.isInteger(value)) return { problem: 'It must be a whole number.' };
  if (limits.min !== undefined && value < limits.min) return { problem: `It must be at least ${limit(limits.min)}.` };
  if (limits.max !== undefined && value > limits.max) return { problem: `It must be at most ${limit(limits.max)}.` };
  return { value };
}

function limit(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : String(value);
}
