import { z } from 'zod';
import type { ImageGrid } from '../../shared/library';
import { layoutOf } from '../datasets/layout';
import { sizeOf } from '../tensor/types';

export { layoutOf };

/** Numbers in one grid at most: what a message can carry and a page can draw at once. */
const mostNumbers = 2 ** 18;
const shapeSchema = z.array(z.int().positive());

/**
 * Pictures of data, shrunk by averaging where they are many or large.
 * @param values `[count, product of shape]`
 */
export function gridOf(
  values: Float32Array,
  count: number,
  shape: readonly number[],
  [low, high]: readonly [number, number],
): ImageGrid {
  const { height, width, channels, planar } = layoutOf(shape);
  const size = height * width * channels;
  const factor = Math.max(1, Math.ceil(Math.sqrt((count * size) / mostNumbers)));
  const rows = Math.max(1, Math.floor(height / factor));
  const columns = Math.max(1, Math.floor(width / factor));
  const [stepY, stepX] = [Math.floor(height / rows), Math.floor(width / columns)];
  const at = (image: number, y: number, x: number, channel: number): number =>
    values[image * size + (planar ? (channel * height + y) * width + x : (y * width + x) * channels + channel)] ?? 0;
  // Enough digits for any screen; a float32 written out in full has four times as many.
  const digits = Math.max(0, 3 - Math.floor(Math.log10(Math.max(high - low, 1e-30))));
  const scale = 10 ** Math.min(digits, 30);
  const out: number[] = [];
  for (let image = 0; image < count; image += 1)
    for (let y = 0; y < rows; y += 1)
      for (let x = 0; x < columns; x += 1)
        for (let channel = 0; channel < channels; channel += 1) {
          let total = 0;
          for (let dy = 0; dy < stepY; dy += 1)
            for (let dx = 0; dx < stepX; dx += 1) total += at(image, y * stepY + dy, x * stepX + dx, channel);
          out.push(Math.round((total / (stepY * stepX)) * scale) / scale);
        }
  return { count, height: rows, width: columns, channels, low, high, values: out };
}

/** The interval that pictures are shown on, from the range of their numbers: 0 to 1 and 0 to 255 are meant as such. */
export function shownRange([low, high]: readonly [number, number]): [number, number] {
  if (low >= 0 && high <= 1) return [0, 1];
  if (low >= 0 && high <= 255 && high > 64) return [0, 255];
  if (low >= -1 && low < 0 && high <= 1) return [-1, 1];
  return low < high ? [low, high] : [low, low + 1];
}

export function rangeOf(values: Float32Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

/**
 * The shape that what a decoder gives is shown in: where it ends in a flat row, that of the data which the file itself says it was trained on.
 * @param metadata of the checkpoint
 */
export function pictureShape(
  outputShape: readonly number[],
  metadata: ReadonlyMap<string, unknown>,
): readonly number[] {
  const text = metadata.get('shape');
  if (outputShape.length !== 1 || typeof text !== 'string') return outputShape;
  try {
    const shape = shapeSchema.parse(JSON.parse(text));
    return sizeOf(shape) === sizeOf(outputShape) ? shape : outputShape;
  } catch {
    return outputShape;
  }
}
