/**
 * For `JSON.stringify`: typed arrays become lists and big integers numbers. JSON has no NaN and no infinities; they become null by
 * themselves.
 */
export function plainJson(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as Float64Array);
  return value;
}
