import { useRouter } from 'vue-router';
import type { MenuItem } from '../../components';
import type { RunRow } from '../../../shared/runRecord';
import { isActive, useRuns } from '../../stores/runs';

export interface RunActions {
  open(id: string): void;
  compare(ids: readonly string[]): void;
  /** What can be done with a run, or with several. */
  menu(rows: readonly RunRow[], extra: { readonly rename: () => void; readonly details: () => void }): MenuItem[];
}

/** What can be done with runs from a list of them. */
export function useRunActions(): RunActions {
  const router = useRouter();
  const runs = useRuns();
  const open = (id: string): void => void router.push({ name: 'run', params: { id } });
  const compare = (ids: readonly string[]): void =>
    void router.push({ name: 'compare', query: { ids: ids.join(',') } });

  function forOne(row: RunRow): MenuItem[] {
    const { id, status } = row;
    return [
      ...(status === 'running' || status === 'queued'
        ? [{ label: 'Pause', icon: 'pause', run: () => void runs.pause(id) } as const]
        : []),
      ...(status === 'paused' || status === 'interrupted'
        ? [{ label: 'Resume', icon: 'play', run: () => void runs.resume(id) } as const]
        : []),
      ...(isActive(status) ? [{ label: 'Cancel', icon: 'stop', run: () => void runs.cancel(id) } as const] : []),
      {
        label: 'Run again with changes',
        icon: 'again',
        run: () => void router.push({ name: 'new-run', query: { from: id } }),
      },
    ];
  }

  return {
    open,
    compare,
    menu(rows, { rename, details }) {
      const [row] = rows;
      if (row === undefined) return [];
      const ids = rows.map(({ id }) => id);
      const single = rows.length === 1;
      return [
        ...(single
          ? [
              { label: 'Open', icon: 'runs', shortcut: 'Enter', run: () => open(row.id) } as const,
              ...forOne(row),
              { label: 'Rename', icon: 'edit', shortcut: 'F2', separated: true, run: rename } as const,
            ]
          : [
              {
                label: `Compare ${rows.length} runs`,
                icon: 'compare',
                shortcut: 'C',
                run: () => compare(ids),
              } as const,
            ]),
        { label: 'Tags and notes', icon: 'tag', shortcut: 'I', run: details },
        {
          label: single ? 'Delete' : `Delete ${rows.length} runs`,
          icon: 'trash',
          shortcut: 'Delete',
          danger: true,
          separated: true,
          run: () => void runs.remove(ids),
        },
      ];
    },
  };
}
