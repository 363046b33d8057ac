import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef, type WatchSource } from 'vue';
import type { ImageGrid } from '../../shared/library';
import { isCancelled } from '../errors';

/** Images that the engine draws. A new question takes the older one back; the older picture stays until the new one is there. */
export function useImages(
  question: WatchSource,
  ask: (signal: AbortSignal) => Promise<ImageGrid>,
): { grid: ShallowRef<ImageGrid | null>; error: Ref<unknown>; busy: Ref<boolean>; again: () => Promise<void> } {
  const grid = shallowRef<ImageGrid | null>(null);
  const error = ref<unknown>();
  const busy = ref(false);
  let controller: AbortController | undefined;

  async function again(): Promise<void> {
    controller?.abort();
    const own = new AbortController();
    controller = own;
    busy.value = true;
    try {
      const answer = await ask(own.signal);
      if (controller !== own) return;
      grid.value = answer;
      error.value = undefined;
    } catch (caught) {
      if (controller === own && !isCancelled(caught)) {
        grid.value = null;
        error.value = caught;
      }
    } finally {
      if (controller === own) busy.value = false;
    }
  }

  watch(question, () => void again(), { immediate: true });
  onScopeDispose(() => controller?.abort());
  return { grid, error, busy, again };
}
