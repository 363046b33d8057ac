/** How the numbers of one datum lie in a picture. */
export interface ImageLayout {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Whether the channel axis comes first, as in PyTorch. */
  readonly planar: boolean;
}

/** A row of a table that happens to be this short is no picture. */
const leastPixels = 64;

/** How data of a shape are shown. Those that look like no image become a strip of one row. */
export function layoutOf(shape: readonly number[]): ImageLayout {
  const [a = 1, b = 1, c = 1] = shape;
  if (shape.length === 2) return { height: a, width: b, channels: 1, planar: true };
  if (shape.length === 3 && isColour(a)) return { height: b, width: c, channels: a, planar: true };
  if (shape.length === 3 && isColour(c)) return { height: a, width: b, channels: c, planar: false };
  const size = shape.reduce((product, extent) => product * extent, 1);
  for (const channels of [1, 3]) {
    const side = Math.round(Math.sqrt(size / channels));
    if (size >= leastPixels && side * side * channels === size)
      return { height: side, width: side, channels, planar: true };
  }
  return { height: 1, width: size, channels: 1, planar: true };
}

function isColour(channels: number): boolean {
  return channels === 1 || channels === 3;
}
