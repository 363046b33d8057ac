import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { portMark, type ShellApi, type ShellCommand } from '../../shared/shell';
import { channels } from './messages';

/** The page's own side of the window; the types of the DOM are not known among the programs of Node. */
interface Page {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, origin: string, transfer: readonly unknown[]): void;
}

const page = globalThis as unknown as Page;

// A port cannot go through the bridge, only through a message of the window to itself.
ipcRenderer.on(channels.port, ({ ports }) => page.postMessage(portMark, page.location.origin, ports));

const api: ShellApi = {
  platform: process.platform,
  connect: () => ipcRenderer.send(channels.connect),
  pathOf: (file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
  onCommand(listener) {
    const receive = (_event: unknown, command: ShellCommand): void => listener(command);
    ipcRenderer.on(channels.command, receive);
    return () => ipcRenderer.off(channels.command, receive);
  },
};

contextBridge.exposeInMainWorld('bracket', Object.freeze(api));
