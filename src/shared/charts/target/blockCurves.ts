import { formatNumber } from '../../format';
import type { Mark } from '../encoding';
import type { Figure } from '../figure';
import { panels, type Panel, type PanelLine } from '../panels';
import { stagesOf, type Stage, type StagesInput, type StagesOf } from './stageData';
import { stagesTable } from './stageTable';

const plain: Mark = { symbol: 'circle', dash: [], hollow: true };

/** log Z of the density that each block aims at, with the truth where it is known, and the share of effective draws there. */
export function blockCurves(input: StagesInput & { readonly hidden?: ReadonlySet<string> }): Figure {
  const of = stagesOf(input);
  const known = of?.stages.filter(({ logZ, ess }) => typeof logZ === 'number' || typeof ess === 'number') ?? [];
  const drawn = of === undefined ? [] : [logZPanel(of), essPanel(of)].filter(({ lines }) => lines.length > 0);
  return panels({
    name: `blocks-${input.method}`,
    title: `${of?.label ?? 'The flow'} block by block`,
    description: known
      .map(
        ({ index, logZ, truth, ess }) =>
          `Block ${index}: log Z ${formatNumber(logZ)}${typeof truth === 'number' ? ` (truth ${formatNumber(truth)})` : ''}, effective share ${formatNumber(ess)}.`,
      )
      .join(' '),
    empty: known.length === 0 ? 'This method has no numbers by block.' : null,
    panels: drawn.length === 0 ? [{ title: '', yTitle: '', lines: [] }] : drawn,
    x: { title: of?.by === 'block' ? 'block k' : 'transition k', scale: 'linear' },
    rows: () => stagesTable(of),
  });
}

function lineOf(
  { stages }: StagesOf,
  { key, ...line }: Omit<PanelLine, 'points'>,
  value: (stage: Stage) => number | null | undefined,
): PanelLine[] {
  const points = stages.flatMap((stage) => {
    const y = value(stage);
    return typeof y === 'number' ? [{ x: stage.index, y, at: `block ${stage.index}` }] : [];
  });
  return points.length === 0 ? [] : [{ key, ...line, points }];
}

function logZPanel(of: StagesOf): Panel {
  const { look, label } = of;
  return {
    title: '',
    yTitle: 'log Z of the block, nats',
    lines: [
      ...lineOf(
        of,
        {
          key: 'truth',
          label: 'truth',
          colour: (theme) => theme.truth,
          mark: { ...plain, dash: [1.5, 2.5] },
          weak: true,
        },
        ({ truth }) => truth,
      ),
      ...lineOf(of, { key: 'draws', label, ...look }, ({ logZ }) => logZ),
    ],
  };
}

function essPanel(of: StagesOf): Panel {
  const { look, label } = of;
  return {
    title: '',
    yTitle: 'effective share of draws',
    range: [0, 1.02],
    lines: lineOf(of, { key: 'draws', label, ...look }, ({ ess }) => ess),
  };
}
