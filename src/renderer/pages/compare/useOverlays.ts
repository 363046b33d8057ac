import { computed, type ComputedRef, type Ref } from 'vue';
import { compare, type Figure } from '../../../shared/charts';
import type { CompareLine } from '../../../shared/compare/lines';
import { linePoints } from '../../../shared/compare/points';
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
  return computed(() =>
    quantities.flatMap((quantity) => {
      const same = lines.value.filter(({ rows }) => rows[0]?.quantity === quantity);
      if (same.length === 0) return [];
      const runs = same.map((line) => {
        const [style, seeds] = [styles.value.get(line.id), seedsText(line)];
        return {
          id: line.id,
          label: seeds === undefined ? line.name : `${line.name}, ${seeds}`,
          points: linePoints(line, (id) => outlines.value.get(id)?.points ?? []),
          truth: line.truth,
          ...(style === undefined ? {} : { style }),
        };
      });
      return [compare({ runs, quantity, x: by.value })];
    }),
  );
}
