const mac = typeof navigator !== 'undefined' && /mac/i.test(navigator.userAgent);

const macLabels: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };
const otherLabels: Readonly<Record<string, string>> = { Mod: 'Ctrl' };
const everywhere: Readonly<Record<string, string>> = {
  Enter: '↵',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Plus: '+',
  Minus: '−',
  Delete: 'Del',
};

/** "Mod+K" → ["⌘", "K"] or ["Ctrl", "K"]. */
export function keyLabels(keys: string, onMac: boolean = mac): string[] {
  const own = onMac ? macLabels : otherLabels;
  return keys.split('+').map((key) => own[key] ?? everywhere[key] ?? key);
}

/** Whether the modifier of shortcuts, ⌘ on a Mac and Ctrl elsewhere, is held. */
export function hasMod(event: KeyboardEvent | MouseEvent): boolean {
  return mac ? event.metaKey : event.ctrlKey;
}

/** Whether a key press belongs to a field, so that a shortcut without a modifier must leave it alone. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
