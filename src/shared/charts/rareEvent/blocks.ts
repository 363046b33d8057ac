import { formatCount, formatNumber } from '../../format';
import type { Result } from '../../result';
import { numberCell } from '../../tables';
import type { Figure } from '../figure';
import { panels, type PanelLine } from '../panels';
import { eventLooks } from './looks';

const names = {
  edge: 'edge by block',
  logP: 'log probability of the smoothed event by block',
  ess: 'effective share by block',
} as const;

/** Along the blocks of the flow: the probability of the smoothed event that each aims at, and how many of its draws are effective. */
export function eventBlocks({ series }: Pick<Result, 'series'>): Figure {
  const of = (name: string): readonly (number | null)[] => series.find((one) => one.name === name)?.y.values ?? [];
  const [edge, logP, ess] = [of(names.edge), of(names.logP), of(names.ess)];
  const line = (key: string, label: string, values: readonly (number | null)[]): PanelLine => ({
    ...{ key, label, mark: eventLooks('importance-flow').mark },
    colour: (theme) => eventLooks('importance-flow').colour(theme),
    points: values.map((y, k) => ({ x: k + 1, y, at: `block ${k + 1}, edge ${formatNumber(edge[k], 2)}` })),
  });
  return panels({
    name: 'blocks',
    title: 'The blocks of the flow',
    description: `Of ${formatCount(logP.length)} blocks: the log probability of the smoothed event that each aims at, and the share of its draws that is effective there.`,
    empty: logP.length === 0 ? 'Blocks are judged when the flow has been trained.' : null,
    panels: [
      { title: '', yTitle: 'log P of the smoothed event, nats', lines: [line('logP', 'log P', logP)] },
      { title: '', yTitle: 'effective share', lines: [line('ess', 'effective share', ess)], range: [0, 1] },
    ],
    x: { title: 'block', scale: 'linear' },
    rows: () => ({
      columns: [
        { name: 'block', label: 'block', numeric: true },
        { name: 'edge', label: 'edge', numeric: true },
        { name: 'log_p_nats', label: 'log P', unit: 'nats', numeric: true },
        { name: 'effective_share', label: 'effective share', numeric: true },
      ],
      rows: logP.map((value, k) => [
        numberCell(k + 1, 0),
        numberCell(edge[k] ?? null, 2),
        numberCell(value, 3),
        numberCell(ess[k] ?? null, 3),
      ]),
    }),
  });
}
