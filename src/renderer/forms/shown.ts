import { choiceLabel, isRecord } from '../../shared/forms';

/** A default in words: "16", "off", "sigmoid"; null where there is none. */
export function shownDefault(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return choiceLabel(value).toLowerCase();
  if (Array.isArray(value)) return value.map((entry) => shownDefault(entry) ?? '').join(', ');
  if (isRecord(value) && typeof value['type'] === 'string') return value['type'];
  return null;
}

/** "1, 28, 28" → [1, 28, 28]; null where something in it is no number. */
export function numbersIn(text: string): number[] | null {
  const parts = text.split(/[\s,;×]+/).filter((part) => part !== '');
  const numbers = parts.map((part) => Number(part.replace('−', '-')));
  return numbers.every(Number.isFinite) ? numbers : null;
}
