import { defineStore } from 'pinia';
import { ref } from 'vue';
import { describeError, isCancelled } from '../errors';

export interface Notice {
  readonly id: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
  /** How long it stays. */
  readonly seconds: number;
  readonly action?: { readonly label: string; readonly run: () => void };
}

type Options = Pick<Notice, 'action'> & { readonly level?: Notice['level']; readonly seconds?: number };

/** Sentences shown for a while in a corner: what was done and can be undone, what failed. */
export const useNotices = defineStore('notices', () => {
  const list = ref<readonly Notice[]>([]);
  let next = 1;

  function show(text: string, { level = 'info', seconds = level === 'info' ? 8 : 20, action }: Options = {}): void {
    const same = list.value.filter((notice) => notice.text !== text);
    const notice: Notice = { id: next++, level, text, seconds, ...(action === undefined ? {} : { action }) };
    list.value = [...same, notice].slice(-4);
  }

  function dismiss(id: number): void {
    list.value = list.value.filter((notice) => notice.id !== id);
  }

  /** Tells a caught error, unless it is one that the person caused by cancelling. */
  function fail(error: unknown): void {
    if (!isCancelled(error)) show(describeError(error).message, { level: 'error' });
  }

  return { list, show, dismiss, fail };
});
