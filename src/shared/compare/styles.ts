/**
 * How a run is drawn where many are drawn over each other: hue and dash; the marker says the side. Hues derive from those of Okabe and Ito, without
 * blue and orange, which say the side of a bound everywhere.
 */
export interface RunStyle {
  /** Index of the hue: `--run-0` to `--run-5`. */
  readonly hue: number;
  /** SVG dash array; empty for a solid line. */
  readonly dash: string;
}

export const hueCount = 6;
const dashes = ['', '6 3', '2 2', '8 3 2 3'] as const;
const slots = hueCount * dashes.length;

/**
 * Gives each run a slot that it keeps: its own by its id, or the next one that fewer others have.
 * @param known slots given before; runs in it keep theirs
 */
export function assignSlots(ids: readonly string[], known: ReadonlyMap<string, number>): Map<string, number> {
  const taken = new Map<number, number>();
  const result = new Map<string, number>();
  const take = (id: string, slot: number): void => {
    result.set(id, slot);
    taken.set(slot, (taken.get(slot) ?? 0) + 1);
  };
  for (const id of ids) {
    const slot = known.get(id);
    if (slot !== undefined) take(id, slot);
  }
  for (const id of ids) {
    if (result.has(id)) continue;
    const uses = (slot: number): number => taken.get(slot) ?? 0;
    // Solid lines of all hues come first, then dashes; the id decides where among equals.
    const hueUses = (slot: number): number => uses(slot) * 100 + Math.floor(slot / hueCount);
    const start = hash(id) % hueCount;
    const order = Array.from(
      { length: slots },
      (_, index) => index - (index % hueCount) + ((index + start) % hueCount),
    );
    take(
      id,
      order.reduce((best, slot) => (hueUses(slot) < hueUses(best) ? slot : best)),
    );
  }
  return result;
}

export function styleOf(slot: number): RunStyle {
  return { hue: slot % hueCount, dash: dashes[Math.floor(slot / hueCount) % dashes.length] ?? '' };
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return value;
}
