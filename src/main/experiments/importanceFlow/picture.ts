import type { EventSpec } from '../../../shared/runFile';
import type { Picture, Stages } from '../../../shared/result';
import type { FlowEvaluation } from '../../trainers/flow/density';
import type { PlainDraws } from './monteCarlo';

/** What a screen shows of samples. */
const mostPoints = 1500;
const corners = 181;

/** Draws of the flow and of plain Monte Carlo, with the edge of the event. */
export function pictureOfEvent(event: EventSpec, { samples }: FlowEvaluation, plain: PlainDraws): Picture {
  const flow = pointsOf(event, samples);
  const stride = Math.max(1, Math.ceil(flow.length / mostPoints));
  const shown = flow.filter((_, row) => row % stride === 0);
  return {
    axes: axesOf(event),
    samples: [
      { method: 'importance-flow', points: shown },
      { method: 'monte-carlo', points: pointsOf(event, plain.first) },
    ],
    normals: [],
    edge: edgeLine(event, Math.max(6, ...shown.map(([, y = 0]) => Math.abs(y)))),
  };
}

/** The same draws after each block, for the scrubber. */
export function stagesOfEvent(event: EventSpec, { stages, blocks }: FlowEvaluation): Stages {
  const points = stages.map((values) => pointsOf(event, values));
  const count = points[0]?.length ?? 0;
  // A draw that is lost on the way is left out of every stage.
  const whole = Array.from({ length: count }, (_, row) => points.every((each) => each[row]?.every(Number.isFinite)));
  const finite = (value: number | undefined): number | null =>
    value !== undefined && Number.isFinite(value) ? value : null;
  return {
    ...{ method: 'importance-flow', by: 'block', axes: axesOf(event) },
    stages: points.map((each, index) => ({
      ...{ index, beta: null, points: each.filter((_, row) => whole[row]) },
      ...(index === 0 ? {} : { logZ: finite(blocks[index - 1]?.logZ), ess: finite(blocks[index - 1]?.ess) }),
    })),
  };
}

/** In more than two dimensions the second axis is the distance from the first, so that a ball's edge is still a line. */
function axesOf({ dim }: EventSpec): string[] {
  if (dim === 1) return ['x₁'];
  return dim === 2 ? ['x₁', 'x₂'] : ['x₁', `|(x₂, …, x${subscript(dim)})|`];
}

function pointsOf({ dim }: EventSpec, values: ArrayLike<number>): number[][] {
  return Array.from({ length: values.length / dim }, (_, row) => {
    const own = Array.from({ length: dim }, (__, i) => values[row * dim + i] ?? NaN);
    return dim < 3 ? own : [own[0] ?? NaN, Math.hypot(...own.slice(1))];
  });
}

/** @param reach how far up a straight edge goes */
function edgeLine(event: EventSpec, reach: number): number[][] {
  const { dim } = event;
  if (event.type === 'half-space') {
    const { threshold } = event;
    if (dim === 1) return [[threshold]];
    return [
      [threshold, dim === 2 ? -reach : 0],
      [threshold, reach],
    ];
  }
  const { radius } = event;
  if (dim === 1) return [[-radius], [radius]];
  const turn = dim === 2 ? 2 * Math.PI : Math.PI;
  return Array.from({ length: corners }, (_, i) => {
    const angle = (turn * i) / (corners - 1);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

function subscript(count: number): string {
  return [...String(count)].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)] ?? digit).join('');
}
