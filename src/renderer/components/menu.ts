import type { IconName } from './icons';

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  /** "Mod+K", only shown; whoever owns the shortcut listens for it. */
  readonly shortcut?: string;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  /** A line above it. */
  readonly separated?: boolean;
  /** Makes it an item that is on or off; the menu then stays open. */
  readonly checked?: boolean;
  readonly run: () => void;
}
