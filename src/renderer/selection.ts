/** Which rows of a list are selected, where ranges begin, and which row the keyboard is at. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly anchor: string | null;
  readonly active: string | null;
}

export const nothingSelected: Selection = { ids: new Set(), anchor: null, active: null };

/** A plain press: this row alone. */
export function selectOnly(id: string): Selection {
  return { ids: new Set([id]), anchor: id, active: id };
}

/** With Ctrl or ⌘, or on the row's box: this row in or out. */
export function toggle(selection: Selection, id: string): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id, active: id };
}

/** With Shift: everything from where the range began to this row. */
export function extendTo(selection: Selection, order: readonly string[], id: string): Selection {
  const anchor = selection.anchor ?? selection.active ?? id;
  const [from, to] = [order.indexOf(anchor), order.indexOf(id)].sort((a, b) => a - b) as [number, number];
  if (from < 0) return selectOnly(id);
  return { ids: new Set(order.slice(from, to + 1)), anchor, active: id };
}

/** The keyboard goes up or down without selecting, or with Shift takes rows along. */
export function moveBy(selection: Selection, order: readonly string[], by: number, extend: boolean): Selection {
  if (order.length === 0) return selection;
  const at = selection.active === null ? -1 : order.indexOf(selection.active);
  const next = at < 0 ? (by > 0 ? 0 : order.length - 1) : Math.max(0, Math.min(order.length - 1, at + by));
  const id = order[next] as string;
  return extend ? extendTo(selection, order, id) : { ...selection, anchor: id, active: id };
}

export function selectAll(selection: Selection, order: readonly string[]): Selection {
  return { ...selection, ids: new Set(order) };
}

export function clearSelection(selection: Selection): Selection {
  return { ids: new Set(), anchor: selection.active, active: selection.active };
}
