import { useLocalStorage } from '@vueuse/core';
import { computed, type ComputedRef } from 'vue';
import { assignSlots, styleOf, type RunStyle } from '../../../shared/compare/styles';

/** So many runs keep their look in this window. */
const mostKept = 1000;

/** How each line is drawn. A run keeps its look from one comparison to the next. */
export function useRunStyles(ids: ComputedRef<readonly string[]>): ComputedRef<ReadonlyMap<string, RunStyle>> {
  const kept = useLocalStorage<[string, number][]>('bracket.compare.slots', []);
  return computed(() => {
    const slots = assignSlots(ids.value, new Map(kept.value));
    const others = kept.value.filter(([id]) => !slots.has(id));
    const next = [...others, ...slots].slice(-mostKept);
    if (JSON.stringify(next) !== JSON.stringify(kept.value)) queueMicrotask(() => (kept.value = next));
    return new Map([...slots].map(([id, slot]) => [id, styleOf(slot)]));
  });
}
