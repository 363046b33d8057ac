/** A line through points, as a pen draws it. */
export type Stroke = readonly (readonly [x: number, y: number])[];

/** O, C, S, L, T, V, X and Z in a box from −1 to 1, y down. */
export const letters: readonly (readonly Stroke[])[] = [
  [arc(0, 360, 1, 0)],
  [arc(50, 310, 1, 0)],
  [[...arc(30, 270, 0.5, -0.5), ...arc(60, -150, 0.5, 0.5)]],
  [lines(-1, -1, -1, 1, 1, 1)],
  [lines(-1, -1, 1, -1), lines(0, -1, 0, 1)],
  [lines(-1, -1, 0, 1, 1, -1)],
  [lines(-1, -1, 1, 1), lines(-1, 1, 1, -1)],
  [lines(-1, -1, 1, -1, -1, 1, 1, 1)],
];

/** Straight lines through x, y, x, y … */
function lines(...coordinates: number[]): Stroke {
  return Array.from({ length: coordinates.length / 2 }, (_, index) => [
    coordinates[2 * index] ?? 0,
    coordinates[2 * index + 1] ?? 0,
  ]);
}

/** Part of an ellipse as wide as the box, from one angle to another in degrees, anticlockwise from the right. */
function arc(from: number, to: number, halfHeight: number, centre: number): Stroke {
  const count = Math.ceil(Math.abs(to - from) / 30);
  return Array.from({ length: count + 1 }, (_, index) => {
    const angle = ((from + ((to - from) * index) / count) * Math.PI) / 180;
    return [Math.cos(angle), centre - halfHeight * Math.sin(angle)];
  });
}
