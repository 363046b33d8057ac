import type { ShellCommand } from '../../shared/shell';

/** What Electron does by itself. */
export type MenuRole =
  | 'about'
  | 'services'
  | 'hide'
  | 'hideOthers'
  | 'unhide'
  | 'quit'
  | 'undo'
  | 'redo'
  | 'cut'
  | 'copy'
  | 'paste'
  | 'selectAll'
  | 'reload'
  | 'toggleDevTools'
  | 'resetZoom'
  | 'zoomIn'
  | 'zoomOut'
  | 'togglefullscreen'
  | 'minimize'
  | 'zoom'
  | 'close'
  | 'front';

export type MenuEntry =
  | { readonly type: 'separator' }
  | { readonly type: 'role'; readonly role: MenuRole }
  | {
      readonly type: 'command';
      readonly label: string;
      readonly accelerator?: string;
      readonly command: ShellCommand | 'choose-files';
    };

export interface MenuColumn {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
}

const separator: MenuEntry = { type: 'separator' };
const role = (name: MenuRole): MenuEntry => ({ type: 'role', role: name });
const go = (label: string, to: Extract<ShellCommand, { type: 'go' }>['to'], accelerator: string): MenuEntry => ({
  type: 'command',
  label,
  accelerator,
  command: { type: 'go', to },
});

/** The native menu. Everything in it can also be reached in the window. */
export function menuModel(platform: NodeJS.Platform, development: boolean): MenuColumn[] {
  const mac = platform === 'darwin';
  const app: MenuColumn[] = mac
    ? [
        {
          label: 'Bracket',
          entries: [
            ...[role('about'), separator, go('Settings…', '/settings', 'CmdOrCtrl+,'), separator, role('services')],
            ...[separator, role('hide'), role('hideOthers'), role('unhide'), separator, role('quit')],
          ],
        },
      ]
    : [];
  return [
    ...app,
    {
      label: '&File',
      entries: [
        go('New run', '/runs/new', 'CmdOrCtrl+N'),
        { type: 'command', label: 'Open…', accelerator: 'CmdOrCtrl+O', command: 'choose-files' },
        separator,
        ...(mac ? [role('close')] : [go('Settings', '/settings', 'CmdOrCtrl+,'), separator, role('quit')]),
      ],
    },
    {
      label: '&Edit',
      entries: [
        ...[role('undo'), role('redo'), separator, role('cut'), role('copy'), role('paste'), role('selectAll')],
      ],
    },
    {
      label: '&View',
      entries: [
        go('Runs', '/runs', 'CmdOrCtrl+1'),
        go('Models', '/models', 'CmdOrCtrl+2'),
        go('Data', '/data', 'CmdOrCtrl+3'),
        go('Recipes', '/recipes', 'CmdOrCtrl+4'),
        separator,
        { type: 'command', label: 'Command palette', accelerator: 'CmdOrCtrl+K', command: { type: 'palette' } },
        separator,
        ...[role('resetZoom'), role('zoomIn'), role('zoomOut'), role('togglefullscreen')],
        ...(development ? [separator, role('reload'), role('toggleDevTools')] : []),
      ],
    },
    {
      label: '&Window',
      entries: [role('minimize'), ...(mac ? [role('zoom'), separator, role('front')] : [role('close')])],
    },
    {
      label: '&Help',
      entries: [
        { type: 'command', label: 'Keyboard shortcuts', command: { type: 'shortcuts' } },
        ...(mac ? [] : [separator, role('about')]),
      ],
    },
  ];
}
