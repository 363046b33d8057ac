import { useElementSize } from '@vueuse/core';
import { computed, onScopeDispose, shallowRef, watchEffect, type Ref } from 'vue';
import { darkTheme, lightTheme, type Figure, type View } from '../../shared/charts';
import { init } from '../../shared/charts/echarts';
import { useTheme } from '../theme';
import { ChartHost } from './chartHost';

const themes = { light: lightTheme, dark: darkTheme };

export interface UsedChart {
  readonly zoomed: Readonly<Ref<boolean>>;
  zoomIn(): void;
  resetZoom(): void;
  /** The keys that a focused chart answers to. */
  onKey(event: KeyboardEvent): void;
  hideTip(): void;
}

/**
 * Draws a figure into an element for as long as the component lives: with the theme and the size that the element has, again when
 * either changes or the figure does. Nothing in it is animated, so nobody needs to ask for less motion.
 */
export function useChart(element: Readonly<Ref<HTMLElement | null>>, figure: () => Figure): UsedChart {
  const theme = useTheme();
  const { width, height } = useElementSize(element);
  const view = shallowRef<View>();
  const host = new ChartHost({
    create: (size) => {
      if (element.value === null) throw new Error('The element of a chart is gone.');
      return init(element.value, null, { renderer: 'svg', ...size });
    },
    onView: (seen) => {
      view.value = seen;
    },
  });

  watchEffect(
    () => {
      const shown = figure();
      if (element.value === null) host.dispose();
      else host.show(shown, themes[theme.value], { width: width.value, height: height.value });
    },
    { flush: 'post' },
  );
  onScopeDispose(() => host.dispose());

  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: () => host.stepBy(1),
    ArrowLeft: () => host.stepBy(-1),
    Escape: () => host.hideTip(),
    '+': () => host.zoom(1.5),
    '-': () => host.zoom(1 / 1.5),
    '0': () => host.resetZoom(),
  };

  return {
    zoomed: computed(() => view.value !== undefined),
    zoomIn: () => host.zoom(1.5),
    resetZoom: () => host.resetZoom(),
    onKey: (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const act = keys[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    },
    hideTip: () => host.hideTip(),
  };
}
