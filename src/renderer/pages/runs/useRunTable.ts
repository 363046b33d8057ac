import {
  columnVisibilityFeature,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type SortingState,
} from '@tanstack/vue-table';
import { useLocalStorage } from '@vueuse/core';
import { computed, type ComputedRef, type Ref } from 'vue';
import { compareRuns, fitColumns, runColumns, type RunColumn, type RunColumnId } from '../../../shared/runColumns';
import type { RunRow } from '../../../shared/runRecord';

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
});

const columns: ColumnDef<typeof features, RunRow>[] = runColumns.map((column: RunColumn) => ({
  id: column.id,
  // Without a value, for TanStack, is undefined: such rows come last either way.
  accessorFn: (row) => orUndefined(column.sort(row)),
  sortFn: (a, b) => compareRuns(column, false)(a.original, b.original),
  sortUndefined: 'last',
  sortDescFirst: column.numeric && column.id !== 'gap',
}));

function orUndefined(value: string | number | null): string | number | undefined {
  return value === null || value === '' ? undefined : value;
}

export interface RunTable {
  /** Sorted. */
  readonly rows: ComputedRef<readonly RunRow[]>;
  readonly columns: ComputedRef<readonly RunColumn[]>;
  readonly sorting: Ref<SortingState>;
  /** What a person switched on or off; null is what there is room for. */
  readonly asked: Ref<Partial<Record<RunColumnId, boolean>>>;
  sortBy(id: RunColumnId): void;
}

/** Sorting and columns of the table of runs, both remembered by the window. */
export function useRunTable(data: ComputedRef<readonly RunRow[]>, width: Ref<number>): RunTable {
  const sorting = useLocalStorage<SortingState>('bracket.runs.sorting', [{ id: 'created', desc: true }]);
  const asked = useLocalStorage<Partial<Record<RunColumnId, boolean>>>('bracket.runs.columns', {});
  const shown = computed(() => fitColumns(asked.value, width.value));
  const table = useTable<typeof features, RunRow>({
    features,
    columns,
    data: computed(() => [...data.value]),
    getRowId: (row) => row.id,
    enableSortingRemoval: false,
    state: computed(() => ({
      sorting: sorting.value,
      columnVisibility: Object.fromEntries(
        runColumns.map(({ id }) => [id, shown.value.some((column) => column.id === id)]),
      ),
    })),
    onSortingChange: (next) => {
      sorting.value = typeof next === 'function' ? next(sorting.value) : next;
    },
  });

  return {
    rows: computed(() => table.getRowModel().rows.map(({ original }) => original)),
    columns: shown,
    sorting,
    asked,
    sortBy: (id) => table.getColumn(id)?.toggleSorting(),
  };
}
