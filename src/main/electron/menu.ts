import { Menu, type MenuItemConstructorOptions } from 'electron';
import { menuModel, type MenuEntry } from './menuModel';

type Command = Extract<MenuEntry, { type: 'command' }>['command'];

export function setMenu(development: boolean, perform: (command: Command) => void): void {
  const item = (entry: MenuEntry): MenuItemConstructorOptions => {
    if (entry.type !== 'command') return entry.type === 'separator' ? { type: 'separator' } : { role: entry.role };
    const { label, accelerator, command } = entry;
    return { label, ...(accelerator !== undefined && { accelerator }), click: () => perform(command) };
  };
  const columns = menuModel(process.platform, development);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(columns.map(({ label, entries }) => ({ label, submenu: entries.map(item) }))),
  );
}
