import { useWindowSize } from '@vueuse/core';
import { computed, type ComputedRef } from 'vue';

/** How wide a tile of a sheet of images may get, in pixels of the page: larger where the window has the room. */
export function useTileSize(): ComputedRef<number> {
  const { width } = useWindowSize();
  return computed(() => (width.value >= 1600 ? 90 : 64));
}
