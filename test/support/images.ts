/** Images channels first, `[channels][height][width]`, and the layers of PyTorch on them in the obvious way, in doubles. */
export type Image = number[][][];
type Pair = readonly [number, number];

export function imageOf(
  values: readonly number[],
  [channels, height, width]: readonly [number, number, number],
): Image {
  return Array.from({ length: channels }, (_, c) =>
    Array.from({ length: height }, (_, y) => values.slice((c * height + y) * width, (c * height + y + 1) * width)),
  );
}

function empty(channels: number, height: number, width: number, bias: readonly number[]): Image {
  return Array.from({ length: channels }, (_, c) =>
    Array.from({ length: height }, () => new Array<number>(width).fill(bias[c] ?? 0)),
  );
}

interface Convolution {
  /** `[out][in][kh][kw]`, or `[in][out][kh][kw]` for the transposed one, flat. */
  readonly weight: readonly number[];
  readonly shape: readonly [number, number, number, number];
  readonly bias?: readonly number[];
  readonly stride: Pair;
  readonly padding: Pair;
}

/** out[o][y][x] = b[o] + Σ w[o][i][ky][kx] in[i][y·s − p + ky][x·s − p + kx] */
export function conv2d(image: Image, { weight, shape, bias = [], stride, padding }: Convolution): Image {
  const [outputs, inputs, kh, kw] = shape;
  const extent = (size: number, kernel: number, axis: 0 | 1): number =>
    Math.floor((size + 2 * padding[axis] - kernel) / stride[axis]) + 1;
  const [height, width] = [extent(image[0]?.length ?? 0, kh, 0), extent(image[0]?.[0]?.length ?? 0, kw, 1)];
  const out = empty(outputs, height, width, bias);
  for (const [o, y, x, i, ky, kx] of indices(outputs, height, width, inputs, kh, kw)) {
    const value = image[i]?.[y * stride[0] - padding[0] + ky]?.[x * stride[1] - padding[1] + kx] ?? 0;
    add(out, o, y, x, (weight[((o * inputs + i) * kh + ky) * kw + kx] ?? NaN) * value);
  }
  return out;
}

/** Each input pixel stamps its kernel: out[o][y·s − p + ky][x·s − p + kx] += w[i][o][ky][kx] in[i][y][x] */
export function convTranspose2d(
  image: Image,
  { weight, shape, bias = [], stride, padding, outputPadding }: Convolution & { readonly outputPadding: Pair },
): Image {
  const [inputs, outputs, kh, kw] = shape;
  const [rows, columns] = [image[0]?.length ?? 0, image[0]?.[0]?.length ?? 0];
  const extent = (size: number, kernel: number, axis: 0 | 1): number =>
    (size - 1) * stride[axis] - 2 * padding[axis] + kernel + outputPadding[axis];
  const [height, width] = [extent(rows, kh, 0), extent(columns, kw, 1)];
  const out = empty(outputs, height, width, bias);
  for (const [o, y, x, i, ky, kx] of indices(outputs, rows, columns, inputs, kh, kw)) {
    const [row, column] = [y * stride[0] - padding[0] + ky, x * stride[1] - padding[1] + kx];
    if (row < 0 || row >= height || column < 0 || column >= width) continue;
    add(out, o, row, column, (weight[((i * outputs + o) * kh + ky) * kw + kx] ?? NaN) * (image[i]?.[y]?.[x] ?? NaN));
  }
  return out;
}

export function mapPixels(image: Image, fn: (value: number, channel: number) => number): Image {
  return image.map((plane, channel) => plane.map((row) => row.map((value) => fn(value, channel))));
}

function add(image: Image, channel: number, y: number, x: number, value: number): void {
  const row = image[channel]?.[y] as number[];
  row[x] = (row[x] ?? NaN) + value;
}

/** All index tuples below the given extents, the last fastest. */
function indices(
  ...extents: [number, number, number, number, number, number]
): number[][] & [number, number, number, number, number, number][] {
  let tuples: number[][] = [[]];
  for (const extent of extents) {
    tuples = tuples.flatMap((tuple) => Array.from({ length: extent }, (_, index) => [...tuple, index]));
  }
  return tuples as [number, number, number, number, number, number][];
}
