import { ref, type Ref } from 'vue';
import { engine } from '../engine';

export type LoadState = 'idle' | 'loading' | 'ready' | 'failed';

/**
 * Reads something from the engine once, and again after each loss of the connection, because it may be stale then.
 * `ensure` is called by whoever needs it.
 */
export function useLoading(read: () => Promise<void>): {
  state: Ref<LoadState>;
  error: Ref<unknown>;
  ensure: () => void;
  reload: () => Promise<void>;
} {
  const state = ref<LoadState>('idle');
  const error = ref<unknown>();

  async function reload(): Promise<void> {
    if (state.value !== 'ready') state.value = 'loading';
    try {
      await read();
      state.value = 'ready';
      error.value = undefined;
    } catch (caught) {
      error.value = caught;
      // What was read before stays; the frame says that the connection is lost.
      if (state.value !== 'ready') state.value = 'failed';
    }
  }

  let lost = false;
  engine.onState(({ status }) => {
    if (status !== 'connected') lost = true;
    else if (lost) {
      lost = false;
      if (state.value === 'ready' || state.value === 'failed') void reload();
    }
  });

  return {
    state,
    error,
    ensure: () => {
      if (state.value === 'idle' || state.value === 'failed') void reload();
    },
    reload,
  };
}
