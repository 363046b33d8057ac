import { app, BrowserWindow, dialog, ipcMain, type IpcMainEvent } from 'electron';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ShellCommand } from '../../shared/shell';
import { isOwnAddress } from './address';
import { declareProtocol, serveProtocol } from './appProtocol';
import { EngineHost } from './engineHost';
import { setMenu } from './menu';
import { channels } from './messages';
import { filesIn } from './openFiles';
import { denyPermissions, openWindow } from './window';

declareProtocol();
app.enableSandbox();

let window: BrowserWindow | undefined;
/** What is to be done as soon as a page listens. */
let waiting: ShellCommand[] = [];
let listening = false;

const engine = new EngineHost({
  onFailure(message) {
    const choice = dialog.showMessageBoxSync({
      type: 'error',
      title: 'Bracket',
      message: 'Bracket cannot work at the moment.',
      detail: message,
      buttons: ['Try again', 'Quit'],
    });
    if (choice === 0) engine.start();
    else app.quit();
  },
});

function perform(command: ShellCommand): void {
  if (listening && window !== undefined) window.webContents.send(channels.command, command);
  else waiting.push(command);
}

function open(argv: readonly string[], cwd: string): void {
  const paths = filesIn(argv, cwd, (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
  if (paths.length > 0) perform({ type: 'open', paths });
}

async function chooseFiles(): Promise<void> {
  const { filePaths } = await dialog.showOpenDialog({ properties: ['openFile', 'multiSelections'] });
  if (filePaths.length > 0) perform({ type: 'open', paths: filePaths });
}

function show(): void {
  listening = false;
  window = openWindow(join(app.getPath('userData'), 'window.json'));
  window.webContents.on('did-start-loading', () => (listening = false));
  window.on('closed', () => (window = undefined));
}

/** Only the top frame of the one window is heard. */
function isOwnSender({ sender, senderFrame }: IpcMainEvent): boolean {
  return (
    sender === window?.webContents &&
    senderFrame !== null &&
    senderFrame === sender.mainFrame &&
    isOwnAddress(senderFrame.url)
  );
}

if (!app.requestSingleInstanceLock()) {
  app.quit();
} else {
  app.on('second-instance', (_event, argv, cwd) => {
    open(argv.slice(app.isPackaged ? 1 : 2), cwd);
    if (window === undefined) show();
    else if (window.isMinimized()) window.restore();
    window?.focus();
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    perform({ type: 'open', paths: [path] });
  });
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
  ipcMain.on(channels.connect, (event) => {
    if (!isOwnSender(event)) return;
    engine.connect(event.sender);
    listening = true;
    for (const command of waiting) perform(command);
    waiting = [];
  });
  void app.whenReady().then(() => {
    serveProtocol();
    denyPermissions();
    setMenu(!app.isPackaged, (command) => {
      if (command === 'choose-files') void chooseFiles();
      else perform(command);
    });
    engine.start();
    show();
    open(process.argv.slice(app.isPackaged ? 1 : 2), process.cwd());
    app.on('activate', () => {
      if (BrowserWindow.getAllWindows().length === 0) show();
    });
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let closed = false;
  app.on('before-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    // Runs are paused, which takes a moment; the windows are gone meanwhile.
    for (const each of BrowserWindow.getAllWindows()) each.hide();
    void engine.close().finally(() => {
      closed = true;
      app.quit();
    });
  });
}
