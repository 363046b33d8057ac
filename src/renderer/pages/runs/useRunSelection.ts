import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { hasMod } from '../../components/keys';
import {
  clearSelection,
  extendTo,
  moveBy,
  nothingSelected,
  selectAll,
  selectOnly,
  toggle,
  type Selection,
} from '../../selection';

export interface RunSelection {
  readonly state: ShallowRef<Selection>;
  /** Selected and in sight, in the order shown. */
  readonly chosen: ComputedRef<readonly string[]>;
  press(id: string, event: MouseEvent): void;
  toggle(id: string): void;
  clear(): void;
  /** The list has the focus: some row must show it. */
  enter(): void;
  /** @returns whether the key was one that moves or selects */
  key(event: KeyboardEvent): boolean;
}

const page = 15;

/** Selection by pointer and keyboard, as lists of files do it. */
export function useRunSelection(order: ComputedRef<readonly string[]>): RunSelection {
  const state = shallowRef<Selection>(nothingSelected);
  const chosen = computed(() => order.value.filter((id) => state.value.ids.has(id)));

  // The keyboard stays near where it was when its row goes.
  watch(order, (now, before) => {
    const { active } = state.value;
    if (active === null || now.includes(active)) return;
    const at = Math.min(before.indexOf(active), now.length - 1);
    state.value = { ...state.value, active: now[Math.max(0, at)] ?? null, anchor: null };
  });

  const moves: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -Infinity,
    End: Infinity,
  };

  function key(event: KeyboardEvent): boolean {
    const by = moves[event.key];
    if (by !== undefined) state.value = moveBy(state.value, order.value, by, event.shiftKey);
    else if (event.key === ' ' && state.value.active !== null) state.value = toggle(state.value, state.value.active);
    else if (event.key === 'a' && hasMod(event)) state.value = selectAll(state.value, order.value);
    else if (event.key === 'Escape' && state.value.ids.size > 0) state.value = clearSelection(state.value);
    else return false;
    return true;
  }

  return {
    state,
    chosen,
    press(id, event) {
      if (event.shiftKey) state.value = extendTo(state.value, order.value, id);
      else state.value = hasMod(event) ? toggle(state.value, id) : selectOnly(id);
    },
    toggle: (id) => {
      state.value = toggle(state.value, id);
    },
    clear: () => {
      state.value = clearSelection(state.value);
    },
    enter: () => {
      if (state.value.active === null) state.value = { ...state.value, active: order.value[0] ?? null };
    },
    key,
  };
}
