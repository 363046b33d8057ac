/** What the desktop shell asks the window to do: an entry of the native menu, a file opened with the app. */
export type ShellCommand =
  | { readonly type: 'go'; readonly to: '/runs' | '/runs/new' | '/models' | '/data' | '/recipes' | '/settings' }
  | { readonly type: 'palette' }
  | { readonly type: 'shortcuts' }
  | { readonly type: 'open'; readonly paths: readonly string[] };

/** All that the desktop shell lets the page do, as `window.bracket`. Absent in a browser. */
export interface ShellApi {
  readonly platform: string;
  /** Asks for a MessagePort of the engine; it arrives as a message of the window itself, marked {@link portMark}. */
  connect(): void;
  /** Where a dropped or picked file lies. `file` is a File of the page; the DOM's types are not known here. */
  pathOf(file: unknown): string;
  onCommand(listener: (command: ShellCommand) => void): () => void;
}

export const portMark = 'bracket.engine-port';
