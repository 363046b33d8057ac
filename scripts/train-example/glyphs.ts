import { letters, type Stroke } from './letters';
import { uniformRows, type Purpose } from './random';

/** Images are `side` × `side` pixels, row by row from the top. */
export const side = 16;
export const pixels = side * side;

/** Sets never share a glyph. */
export type GlyphSet = Extract<Purpose, 'training' | 'heldOut'>;

/** The chance that a pixel is never right, as on a scanned page; no better logits than ±5.5 can be learnt. */
const speckle = 0.004;

/** Width of a soft edge, in pixels. */
const edge = 1;

const shapeNumbers = 8;
const row = new Float64Array(shapeNumbers + pixels);
const distances = new Float64Array(pixels);

/**
 * Draws letters with a pen, each with its own position, size, width, slant, rotation and pen, and turns the soft edges into black and
 * white by chance. A glyph depends on the seed, its set and its index alone.
 * @param out receives 0 and 1, one row of `pixels` a glyph
 * @param first index of the first glyph
 */
export function drawGlyphs(out: Float32Array, seed: number, set: GlyphSet, first: number): void {
  const count = out.length / pixels;
  for (let index = 0; index < count; index += 1) {
    uniformRows(row, seed, set, { first: first + index, width: row.length });
    const pen = penDistances();
    for (let pixel = 0; pixel < pixels; pixel += 1) {
      const covered = Math.min(1, Math.max(0, (pen - Math.sqrt(distances[pixel] ?? 0)) / edge + 0.5));
      const ink = speckle + (1 - 2 * speckle) * covered;
      out[index * pixels + pixel] = (row[shapeNumbers + pixel] ?? 0) < ink ? 1 : 0;
    }
  }
}

/** Fills `distances` with each pixel's squared distance to the glyph of the first numbers in `row`; returns half the pen's width. */
function penDistances(): number {
  const between = (index: number, low: number, high: number): number => low + (high - low) * (row[index] ?? 0);
  const strokes = letters[Math.floor(between(0, 0, letters.length))] ?? [];
  const centreX = between(1, -2, 2) + (side - 1) / 2;
  const centreY = between(2, -1.5, 1.5) + (side - 1) / 2;
  const height = between(3, 3.8, 5.8);
  const width = height * between(4, 0.6, 1);
  const slant = between(5, -0.3, 0.3);
  const angle = between(6, -0.25, 0.25);
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const place = ([x, y]: Stroke[number]): Stroke[number] => {
    const u = width * x - slant * height * y;
    const v = height * y;
    return [centreX + cosine * u - sine * v, centreY + sine * u + cosine * v];
  };
  distances.fill(Infinity);
  for (const stroke of strokes) {
    const points = stroke.map(place);
    for (let end = 1; end < points.length; end += 1) nearSegment(points[end - 1] ?? [0, 0], points[end] ?? [0, 0]);
  }
  return between(7, 0.7, 1.3);
}

/** Lowers `distances` where the segment is nearer. */
function nearSegment([ax, ay]: Stroke[number], [bx, by]: Stroke[number]): void {
  const dx = bx - ax;
  const dy = by - ay;
  const scale = 1 / (dx * dx + dy * dy);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const x = (pixel % side) - ax;
    const y = Math.floor(pixel / side) - ay;
    const along = Math.min(1, Math.max(0, (x * dx + y * dy) * scale));
    const squared = (x - along * dx) ** 2 + (y - along * dy) ** 2;
    if (squared < (distances[pixel] ?? 0)) distances[pixel] = squared;
  }
}
