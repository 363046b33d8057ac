import type { ImageGrid } from '../../../../shared/library';
import type { RunImages } from '../../../../shared/result';

/** A sheet of a result as the drawing of images takes it: bytes, black to white. */
export function imageGrid({ rows, columns, height, width, channels, pixels }: RunImages): ImageGrid {
  const values = Array.from(atob(pixels), (character) => character.charCodeAt(0));
  return { count: rows * columns, height, width, channels, low: 0, high: 255, values };
}

/** Every second row of a sheet, from the first or the second on: generated items are above the real ones of their class. */
export function everySecondRow(grid: ImageGrid, columns: number, from: 0 | 1): ImageGrid {
  const row = columns * grid.height * grid.width * grid.channels;
  const rows = Math.floor((grid.count / columns - from + 1) / 2);
  const values = Array.from({ length: rows }, (_, index) => {
    const start = (2 * index + from) * row;
    return grid.values.slice(start, start + row);
  });
  return { ...grid, count: rows * columns, values: values.flat() };
}
