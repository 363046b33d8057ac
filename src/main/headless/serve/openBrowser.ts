import { spawn } from 'node:child_process';

/** Whether there is a screen here that a browser could open on. A terminal over ssh has none. */
export function hasScreen(env: Readonly<NodeJS.ProcessEnv>, platform: NodeJS.Platform): boolean {
  if (env['SSH_CONNECTION'] !== undefined || env['CI'] !== undefined) return false;
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY']);
}

/** Opens an address in the user's browser; nothing happens where there is none. */
export function openBrowser(url: string, platform: NodeJS.Platform = process.platform): void {
  const [command, args] =
    platform === 'win32'
      ? // `start` is no program of its own, and cmd would cut the address at its "&".
        (['rundll32', ['url.dll,FileProtocolHandler', url]] as const)
      : ([platform === 'darwin' ? 'open' : 'xdg-open', [url]] as const);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
