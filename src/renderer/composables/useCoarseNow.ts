import { createSharedComposable, useIntervalFn } from '@vueuse/core';
import { ref } from 'vue';

/** The time, by the half minute, for "12 min ago": one timer for all who show it. */
export const useCoarseNow = createSharedComposable(() => {
  const now = ref(Date.now());
  useIntervalFn(() => {
    now.value = Date.now();
  }, 30_000);
  return now;
});
