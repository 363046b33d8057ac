import { computed, type ComputedRef, type Ref } from 'vue';
import { compare, logZAcross, vaeLearningAcross, type Figure } from '../../../shared/charts';
import type { CompareLine } from '../../../shared/compare/lines';
import { lineBounds, linePoints } from '../../../shared/compare/points';
import type { RunStyle } from '../../../shared/compare/styles';
import { seedsText } from '../../../shared/compare/table';
import { quantities } from '../../../shared/result';
import type { RunOutline } from '../../../shared/runRecord';

interface OverlayInput {
  readonly lines: Readonly<Ref<readonly CompareLine[]>>;
  readonly outlines: Readonly<Ref<ReadonlyMap<string, RunOutline>>>;
  readonly styles: Readonly<Ref<ReadonlyMap<string, RunStyle>>>;
  readonly by: Readonly<Ref<'temperatures' | 'time'>>;
}

/** The sandwiches over each other, in one figure for each quantity among the lines. */
export function useOverlays({ lines, outlines, styles, by }: OverlayInput): ComputedRef<readonly Figure[]> {
  return computed(() => [
    ...quantities.flatMap((quantity) => {
      // Bounds of a trained VAE are computed once, with one number of chains and no rounds to draw; how it learned is drawn below.
      const same = lines.value.filter(({ rows }) => rows[0]?.quantity === quantity && rows[0].kind !== 'vae');
      if (same.length === 0) return [];
      const pointsOf = (id: string) => outlines.value.get(id)?.points ?? [];
      // Methods of targets have no temperatures to be drawn against.
      if (quantity === 'log-z') {
        const compared = same.map((line) => ({
          label: labelOf(line),
          spec: { ...outlines.value.get(line.id)?.spec },
          bounds: lineBounds(line, pointsOf),
          truth: line.truth,
        }));
        return [logZAcross(compared)];
      }
      const runs = same.map((line) => {
        const style = styles.value.get(line.id);
        return {
          id: line.id,
          label: labelOf(line),
          points: linePoints(line, pointsOf),
          truth: line.truth,
          ...(style === undefined ? {} : { style }),
        };
      });
      return [compare({ runs, quantity, x: by.value })];
    }),
    ...learned(),
  ]);

  function learned(): Figure[] {
    const trained = lines.value.filter(({ rows }) => rows[0]?.kind === 'vae');
    const runs = trained.map((line) => {
      const style = styles.value.get(line.id);
      const curves = outlines.value.get(line.id)?.looks ?? [];
      return { id: line.id, label: line.name, curves, ...(style === undefined ? {} : { style }) };
    });
    return runs.length === 0 ? [] : [vaeLearningAcross(runs, by.value === 'time' ? 'time' : 'updates')];
  }
}

function labelOf(line: CompareLine): string {
  const seeds = seedsText(line);
  return seeds === undefined ? line.name : `${line.name}, ${seeds}`;
}
