/**
 * Moves labels apart so that none covers another, as little as possible: labels that would touch share their room around their mean.
 * @param wanted where each label would like to be, its middle
 * @param height of a label
 * @returns where each label goes, in the order given
 */
export function placeLabels(
  wanted: readonly number[],
  height: number,
  [top, bottom]: readonly [number, number],
): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const lowest = Math.max(top + height / 2, bottom - height / 2);
  const clusters: { members: number[]; middle: number }[] = [];
  for (const index of order) {
    let cluster = { members: [index], middle: clamp(wanted[index] ?? 0, 1) };
    for (
      let previous = clusters.at(-1);
      previous !== undefined && touch(previous, cluster);
      previous = clusters.at(-1)
    ) {
      clusters.pop();
      const members = [...previous.members, ...cluster.members];
      const mean = members.reduce((total, member) => total + (wanted[member] ?? 0), 0) / members.length;
      cluster = { members, middle: clamp(mean, members.length) };
    }
    clusters.push(cluster);
  }
  const placed = [...wanted];
  for (const { members, middle } of clusters) {
    members.forEach((member, position) => {
      placed[member] = middle + (position - (members.length - 1) / 2) * height;
    });
  }
  return placed;

  function touch(above: { members: number[]; middle: number }, below: { members: number[]; middle: number }): boolean {
    return above.middle + (above.members.length * height) / 2 > below.middle - (below.members.length * height) / 2;
  }

  /** The whole cluster stays inside, its top first where it is taller than the room. */
  function clamp(middle: number, members: number): number {
    const half = ((members - 1) * height) / 2;
    return Math.max(top + height / 2 + half, Math.min(lowest - half, middle));
  }
}
