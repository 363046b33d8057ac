import type { ImageGrid } from '../../../../shared/library';
import type { RunImages } from '../../../../shared/result';

/** A sheet of a result as the drawing of images takes it: bytes, black to white. */
export function imageGrid({ rows, columns, height, width, channels, pixels }: RunImages): ImageGrid {
  const values = Array.from(atob(pixels), (character) => character.charCodeAt(0));
  return { count: rows * columns, height, width, channels, low: 0, high: 255, values };
}
