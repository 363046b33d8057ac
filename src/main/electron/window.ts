import { BrowserWindow, nativeTheme, screen, session, shell } from 'electron';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOutsideLink, isOwnAddress, mayHave, startAddress } from './address';
import { fitWindow, parseWindowState, smallest, type WindowState } from './windowState';

/** Denies what a page could ask of the system. Once for all windows. */
export function denyPermissions(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(mayHave(permission)));
  defaultSession.setPermissionCheckHandler((_contents, permission) => mayHave(permission));
  defaultSession.setDevicePermissionHandler(() => false);
}

/** The one window. @param memory the file that remembers its place */
export function openWindow(memory: string): BrowserWindow {
  const state = fitWindow(
    parseWindowState(readOrNothing(memory)),
    screen.getAllDisplays().map(({ workArea }) => workArea),
  );
  const { x, y, width, height, maximized } = state;
  const window = new BrowserWindow({
    ...(x !== undefined && y !== undefined && { x, y }),
    width,
    height,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Bracket',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#17191c' : '#ffffff',
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  });
  if (maximized) window.maximize();
  confine(window);
  window.once('ready-to-show', () => window.show());
  window.on('close', () => remember(window, memory));
  void window.loadURL(startAddress);
  return window;
}

/** Keeps the window on its own pages. */
function confine({ webContents }: BrowserWindow): void {
  webContents.setWindowOpenHandler(({ url }) => {
    if (isOutsideLink(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
  const deny = (event: { preventDefault(): void; readonly url: string }): void => {
    if (!isOwnAddress(event.url)) event.preventDefault();
  };
  webContents.on('will-navigate', deny);
  webContents.on('will-frame-navigate', deny);
  webContents.on('will-redirect', deny);
  webContents.on('will-attach-webview', (event) => event.preventDefault());
}

function remember(window: BrowserWindow, memory: string): void {
  const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() };
  try {
    writeFileSync(memory, JSON.stringify(state));
  } catch {
    // A full disk must not keep the window from closing.
  }
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
