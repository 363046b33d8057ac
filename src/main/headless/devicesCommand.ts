import { oneLine } from '../../shared/errors';
import { tableLines } from './table';
import { print, type Terminal } from './terminal';
import { wrap } from './wrap';

export interface DeviceLine {
  readonly name: string;
  readonly available: boolean;
  readonly detail: string;
}

/** `bracket devices`: where runs can compute, and why elsewhere they cannot. */
export function devicesCommand(devices: readonly DeviceLine[], terminal: Terminal): number {
  const { colours, columns } = terminal;
  const longest = Math.max(...devices.map(({ name }) => name.length), 4);
  const rows = devices.map(({ name, available, detail }) => [
    available ? colours.bold(name) : name,
    available ? colours.green('yes') : colours.dim('no'),
    wrap(oneLine(detail), Math.max(24, columns - longest - 'available'.length - 4)).join('\n'),
  ]);
  print(terminal, ...tableLines([{ title: 'name' }, { title: 'available' }, { title: 'detail' }], rows, colours.dim));
  return 0;
}
