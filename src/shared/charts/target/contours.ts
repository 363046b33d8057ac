export type Point = readonly [x: number, y: number];

/** Values on a grid, row by row of `y` over `x`; null where there is none. */
export interface Field {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly values: readonly (number | null)[];
}

/**
 * Where a field is above a level: rings with the higher side to their left, so that holes turn the other way. The field falls off at its
 * border, so that every ring closes there. Marching squares; a saddle goes by the mean of its corners.
 */
export function rings({ x, y, values }: Field, level: number): Point[][] {
  const [columns, rows] = [x.length + 2, y.length + 2];
  const at = (column: number, row: number): number => {
    if (column < 1 || row < 1 || column > x.length || row > y.length) return -Infinity;
    return values[(row - 1) * x.length + column - 1] ?? -Infinity;
  };
  const place = (list: readonly number[], index: number): number =>
    list[Math.min(list.length - 1, Math.max(0, index - 1))] ?? 0;
  // Edges by number: those to the right of a corner first, then those above one.
  const across = (column: number, row: number): number => row * columns + column;
  const upward = (column: number, row: number): number => columns * rows + row * columns + column;
  const next = new Map<number, number>();
  for (let row = 0; row < rows - 1; row += 1) {
    for (let column = 0; column < columns - 1; column += 1) {
      const corners = [at(column, row), at(column + 1, row), at(column + 1, row + 1), at(column, row + 1)];
      const above = corners.map((value) => value > level);
      const edges = [across(column, row), upward(column + 1, row), across(column, row + 1), upward(column, row)];
      for (const [from, to] of segments(above, corners, level)) next.set(edges[from] ?? 0, edges[to] ?? 0);
    }
  }
  const crossing = (edge: number): Point => {
    const vertical = edge >= columns * rows;
    const corner = vertical ? edge - columns * rows : edge;
    const [column, row] = [corner % columns, Math.floor(corner / columns)];
    const [dx, dy] = vertical ? [0, 1] : [1, 0];
    const share = between(at(column, row), at(column + dx, row + dy), level);
    const mix = (list: readonly number[], index: number, step: number): number =>
      place(list, index) + share * (place(list, index + step) - place(list, index));
    return [mix(x, column, dx), mix(y, row, dy)];
  };
  const found: Point[][] = [];
  for (const start of [...next.keys()]) {
    const ring: Point[] = [];
    let edge: number | undefined = start;
    while (edge !== undefined && next.has(edge)) {
      ring.push(crossing(edge));
      const to: number | undefined = next.get(edge);
      next.delete(edge);
      edge = to;
    }
    if (ring.length > 2) found.push(ring);
  }
  return found;
}

/** Where between two values a level lies; at the finite one where the other is not. */
function between(a: number, b: number, level: number): number {
  if (!Number.isFinite(a)) return 1;
  if (!Number.isFinite(b)) return 0;
  return (level - a) / (b - a);
}

/** The pieces of rings within one cell, from edge to edge: 0 below, 1 right, 2 above, 3 left. */
function segments(
  above: readonly boolean[],
  corners: readonly number[],
  level: number,
): readonly (readonly [number, number])[] {
  const code = above.reduce((total, one, index) => total + (one ? 1 << index : 0), 0);
  if (code === 5 || code === 10) {
    const mean = corners.reduce((total, value) => total + value, 0) / 4;
    const joined = mean > level;
    if (code === 5) {
      return joined
        ? [
            [0, 1],
            [2, 3],
          ]
        : [
            [0, 3],
            [2, 1],
          ];
    }
    return joined
      ? [
          [3, 0],
          [1, 2],
        ]
      : [
          [1, 0],
          [3, 2],
        ];
  }
  return simple[code] ?? [];
}

/** By which corners are above the level: bit 0 below left, 1 below right, 2 above right, 3 above left. */
const simple: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  1: [[0, 3]],
  2: [[1, 0]],
  3: [[1, 3]],
  4: [[2, 1]],
  6: [[2, 0]],
  7: [[2, 3]],
  8: [[3, 2]],
  9: [[0, 2]],
  11: [[1, 2]],
  12: [[3, 1]],
  13: [[0, 1]],
  14: [[3, 0]],
};

/** The ellipse at so many standard deviations of a normal. @param covariance row by row, `[2, 2]` */
export function ellipse(mean: readonly number[], covariance: readonly number[], deviations: number): Point[] {
  const [a = 0, b = 0, , d = 0] = covariance;
  const half = (a + d) / 2;
  const root = Math.sqrt(((a - d) / 2) ** 2 + b * b);
  const [long, short] = [Math.sqrt(Math.max(0, half + root)), Math.sqrt(Math.max(0, half - root))];
  const angle = Math.abs(b) < 1e-300 && a >= d ? 0 : Math.atan2(half + root - a, b);
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return Array.from({ length: 72 }, (_, index): Point => {
    const turn = (2 * Math.PI * index) / 72;
    const [u, v] = [deviations * long * Math.cos(turn), deviations * short * Math.sin(turn)];
    return [(mean[0] ?? 0) + u * cosine - v * sine, (mean[1] ?? 0) + u * sine + v * cosine];
  });
}
