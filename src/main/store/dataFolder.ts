import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where everything that Bracket keeps lies: `BRACKET_HOME`, else the system's own place for the data of a user's programs.
 */
export function dataFolder(
  env: Readonly<NodeJS.ProcessEnv> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = env['BRACKET_HOME'];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  const home = env['HOME'] ?? homedir();
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'bracket');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'bracket');
  const xdg = env['XDG_DATA_HOME'];
  // The specification has relative paths ignored.
  return join(xdg?.startsWith('/') === true ? xdg : join(home, '.local', 'share'), 'bracket');
}
