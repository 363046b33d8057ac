import type { Target } from '../targets/types';
import { signWeights, type AssignmentRule } from './assignment';

/** More patterns of signs are not counted one by one. */
const mostSigns = 20;

/** How samples of a target are given to its modes, and what these weigh. */
export interface TargetRule {
  readonly rule: AssignmentRule;
  /** True weights `[K]`, in the order of the rule. */
  readonly weights: Float64Array;
}

/** @returns undefined where the target has nothing that could be told apart, or too many modes to count */
export function ruleOfTarget({ assignment, modes = [], dim }: Target): TargetRule | undefined {
  switch (assignment?.type) {
    case 'component': {
      const weights = Float64Array.from(modes, ({ weight }) => weight);
      const means = modes.flatMap(({ location }) => [...location]);
      const widths = modes.map(
        ({ std, stds }) => stds ?? (std === undefined ? undefined : new Float64Array(dim).fill(std)),
      );
      const stds = widths.every((each) => each !== undefined) ? widths.flatMap((each) => [...each]) : undefined;
      const rule: AssignmentRule =
        stds === undefined ? { type: 'nearest', means, weights } : { type: 'component', means, weights, stds };
      return { rule, weights };
    }
    case 'sign': {
      const { axes, thresholds, above, cells } = assignment;
      const [threshold = 0] = thresholds;
      if (axes.length > mostSigns || thresholds.some((each) => each !== threshold)) return undefined;
      const rule = { type: 'signs', coordinates: axes, threshold, ...(cells === undefined ? {} : { cells }) } as const;
      return { rule, weights: signWeights([...above]) };
    }
    case 'sector': {
      const { axes, count } = assignment;
      return {
        rule: { type: 'sectors', plane: axes, sectors: count },
        weights: new Float64Array(count).fill(1 / count),
      };
    }
    case 'interval': {
      const { axis, edges } = assignment;
      const parts = edges.length + 1;
      return {
        rule: { type: 'bins', coordinate: axis, edges: [...edges] },
        weights: new Float64Array(parts).fill(1 / parts),
      };
    }
    case undefined:
      return undefined;
  }
}
