/** How quantities of a training went: means over windows of iterations, so that it stays short however long the training was. */
export interface TrainingCurve {
  /** Updates made by the end of each window. */
  readonly iterations: number[];
  /** Mean over the window of each quantity by its name, as long as `iterations`; NaN where a window has none. */
  readonly values: Record<string, number[]>;
}

/** One entry of a {@link TrainingCurve}: the quantities that its window has. */
export interface CurvePoint {
  readonly iteration: number;
  readonly values: Readonly<Record<string, number>>;
}

/** A curve in the making: the finished windows, and what the one in progress has added up of each quantity. */
export interface CurveState {
  readonly curve: TrainingCurve;
  readonly window: Readonly<Record<string, { readonly sum: number; readonly count: number }>>;
}

const mostPoints = 500;

export interface CurveRecorder {
  readonly curve: TrainingCurve;
  /** Takes what one update reports. @returns a new point when a window has just ended */
  readonly add: (iteration: number, report: Readonly<Record<string, number>>) => CurvePoint | undefined;
  /** A copy of everything, from which another recorder goes on with the same bits. */
  readonly capture: () => CurveState;
}

/** @param iterations how many updates there will be in all; the last window may be shorter */
export function recordCurve(iterations: number, from?: CurveState): CurveRecorder {
  const width = Math.max(1, Math.ceil(iterations / mostPoints));
  const { curve, window: before } = copyOf(from ?? { curve: { iterations: [], values: {} }, window: {} });
  let window = { ...before };
  return {
    curve,
    add: (iteration, report) => {
      for (const [name, value] of Object.entries(report)) {
        const { sum, count } = window[name] ?? { sum: 0, count: 0 };
        window[name] = { sum: sum + value, count: count + 1 };
      }
      if (iteration % width !== 0 && iteration < iterations) return undefined;
      const values: Record<string, number> = {};
      for (const [name, { sum, count }] of Object.entries(window)) values[name] = sum / count;
      const points = curve.iterations.push(iteration);
      for (const name of Object.keys(values)) curve.values[name] ??= new Array<number>(points - 1).fill(Number.NaN);
      for (const [name, list] of Object.entries(curve.values)) list.push(values[name] ?? Number.NaN);
      window = {};
      return { iteration, values };
    },
    capture: () => copyOf({ curve, window }),
  };
}

function copyOf({ curve, window }: CurveState): CurveState {
  const values: Record<string, number[]> = {};
  for (const [name, list] of Object.entries(curve.values)) values[name] = [...list];
  return { curve: { iterations: [...curve.iterations], values }, window: { ...window } };
}
