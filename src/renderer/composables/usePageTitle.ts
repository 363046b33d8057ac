import { onScopeDispose, shallowRef, watchEffect } from 'vue';

/** What the page on show is called, where that is more than its place's name: the name of a run. */
export const pageTitle = shallowRef<string>();

/** Names the page in the bar and in the window's title for as long as the component lives. */
export function usePageTitle(title: () => string | undefined): void {
  watchEffect(() => {
    pageTitle.value = title();
  });
  onScopeDispose(() => {
    pageTitle.value = undefined;
  });
}
