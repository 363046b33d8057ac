import { usePreferredDark } from '@vueuse/core';
import { computed, ref, watchEffect, type ComputedRef } from 'vue';
import type { Settings } from '../shared/rpc/methods';

export type ThemeSetting = Settings['theme'];
export type Theme = 'light' | 'dark';

const storageKey = 'bracket.theme';

/** What the settings say, known before the engine has answered because the window remembers it. */
export const themeSetting = ref<ThemeSetting>(remembered());

function remembered(): ThemeSetting {
  const text = localStorage.getItem(storageKey);
  return text === 'light' || text === 'dark' ? text : 'system';
}

let resolved: ComputedRef<Theme> | undefined;

/** The theme that is shown. Charts watch it, for canvas knows no custom properties. */
export function useTheme(): ComputedRef<Theme> {
  if (resolved === undefined) {
    const dark = usePreferredDark();
    resolved = computed(() => (themeSetting.value === 'system' ? (dark.value ? 'dark' : 'light') : themeSetting.value));
  }
  return resolved;
}

/** Keeps the root's `data-theme` as the setting or the system says. Called once, before the first paint. */
export function applyRememberedTheme(): void {
  const theme = useTheme();
  watchEffect(
    () => {
      document.documentElement.dataset['theme'] = theme.value;
      localStorage.setItem(storageKey, themeSetting.value);
    },
    { flush: 'sync' },
  );
}

/** The value of a token of `tokens.css` in the theme that is shown: `token('--lower')`. */
export function token(name: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
