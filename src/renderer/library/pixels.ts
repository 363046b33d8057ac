import type { ImageGrid } from '../../shared/library';
import type { RunImages } from '../../shared/result';

/** Pixels of one image as canvases take them, red, green, blue and alpha: `low` is black and `high` is white, whatever the theme. */
export function rgbaOf(grid: ImageGrid, index: number): Uint8ClampedArray<ArrayBuffer> {
  const { height, width, channels, low, high, values } = grid;
  const pixels = height * width;
  const rgba = new Uint8ClampedArray(pixels * 4);
  const scale = high > low ? 255 / (high - low) : 0;
  const start = index * pixels * channels;
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    for (let colour = 0; colour < 3; colour += 1) {
      const channel = Math.min(colour, channels - 1);
      rgba[pixel * 4 + colour] = ((values[start + pixel * channels + channel] ?? low) - low) * scale;
    }
    rgba[pixel * 4 + 3] = 255;
  }
  return rgba;
}

/** Where tiles lie, in device pixels, with a whole number of them for each pixel of an image. */
export interface Layout {
  readonly columns: number;
  readonly scale: number;
  readonly gap: number;
  /** Tiles that are shown. */
  readonly count: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The largest tiles that fit a width, in so many columns; or, without a number of columns, as many tiles of at most a size as fit.
 * @param available device pixels
 * @param most device pixels that one tile may be wide
 */
export function layoutOf(
  grid: Pick<ImageGrid, 'count' | 'width' | 'height'>,
  wanted: {
    readonly columns: number | undefined;
    /** At most so many rows; what does not fit is left out. */
    readonly rows: number | undefined;
    readonly available: number;
    readonly gap: number;
    readonly most: number;
  },
): Layout {
  const { gap, available, most } = wanted;
  const natural = grid.width * Math.max(1, Math.floor(most / grid.width));
  const columns = Math.max(1, Math.min(wanted.columns ?? Math.floor((available + gap) / (natural + gap)), grid.count));
  const room = Math.floor((available - (columns - 1) * gap) / columns);
  const scale = Math.max(1, Math.floor(Math.min(room, most) / grid.width));
  const rows = Math.min(Math.ceil(grid.count / columns), wanted.rows ?? Infinity);
  return {
    columns,
    scale,
    gap,
    count: Math.min(grid.count, rows * columns),
    width: columns * grid.width * scale + (columns - 1) * gap,
    height: rows * grid.height * scale + (rows - 1) * gap,
  };
}

/** Whether a grid holds pictures, rather than rows of numbers that have no second dimension. */
export function isPicture({ height, width }: Pick<ImageGrid, 'height' | 'width'>): boolean {
  return height > 1 && width > 1;
}

/** One datum's numbers. */
export function valuesOf(grid: ImageGrid, index: number, most = Infinity): readonly number[] {
  const size = grid.height * grid.width * grid.channels;
  return grid.values.slice(index * size, index * size + Math.min(size, most));
}

/** Some of the images, from one on. */
export function partOf(grid: ImageGrid, from: number, count: number): ImageGrid {
  const size = grid.height * grid.width * grid.channels;
  return { ...grid, count, values: grid.values.slice(from * size, (from + count) * size) };
}

/** The sheet of images that a run tells, whose pixels are bytes as base64. Images that are cut off are left out. */
export function gridOf({ rows, columns, height, width, channels, pixels }: RunImages): ImageGrid {
  const bytes = atob(pixels);
  const size = height * width * channels;
  const count = size === 0 ? 0 : Math.min(rows * columns, Math.floor(bytes.length / size));
  const values = Array.from({ length: count * size }, (_, index) => bytes.charCodeAt(index));
  return { count, height, width, channels, low: 0, high: 255, values };
}
