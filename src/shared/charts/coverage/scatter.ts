import { standingLabels, standingsOf } from '../../coverageStandings';
import { coverageNumber, neededText, shortNumber } from '../../coverageTexts';
import { formatCount, formatPlural } from '../../format';
import { numberCell, textCell, type DataTable } from '../../tables';
import type { ChartOption, Figure, Size, View } from '../figure';
import { itemTooltip } from '../interaction';
import { legend, legendLayout, type LegendItem } from '../labels';
import { escapeHtml } from '../text';
import type { ChartTheme } from '../theme';
import { gridFrame } from './grid';
import { enclosedShares } from './levels';
import { centres, densityMarks, pointMarks, placeMarks, referenceMarks, shownPlaces } from './scatterMarks';
import { sceneOf, type Place, type Scene, type ScatterInput } from './scatterScene';

export type { ScatterInput } from './scatterScene';

/** Samples in a plane by the mode that they are of, over the density that they should have; what was missed is crossed out in red. */
export function coverageScatter(input: ScatterInput): Figure {
  const scene = sceneOf(input);
  const { hidden = new Set<string>() } = input;
  return {
    name: 'coverage',
    title: input.coverage.card.situation === 'generator' ? 'Generated and real items' : 'Samples and modes',
    description: scene === null ? '' : wordsOf(scene, input),
    empty: scene === null ? 'No points were kept with this result.' : null,
    aspect: 0.95,
    heightAt: (width, theme) =>
      (scene?.view.axes.length === 1 ? 0.55 : 0.88) * width + paperLegend(scene, width, theme),
    zoomable: true,
    steps: scene === null || scene.places.length === 0 ? null : { series: 'modes', count: shownPlaces(scene).length },
    option: (theme, size, view) => (scene === null ? {} : option(scene, input, hidden, theme, size, view)),
    legend: (theme) => (scene === null ? [] : items(scene, theme)),
    without: (keys) => coverageScatter({ ...input, hidden: keys }),
    rows: () => table(scene, input),
  };
}

function option(
  scene: Scene,
  input: ScatterInput,
  hidden: ReadonlySet<string>,
  theme: ChartTheme,
  size: Size,
  view: View | undefined,
): ChartOption {
  const em = theme.fontSize;
  const [first = '', second = ''] = scene.view.axes;
  const line = scene.view.axes.length === 1;
  const entries = items(scene, theme).filter(({ key }) => !hidden.has(key));
  const made = gridFrame(
    {
      x: { title: first, range: scene.x },
      y: { title: second, range: scene.y, ...(line ? { ticks: () => [] } : {}) },
      ...{ equal: !line, legend: entries },
    },
    theme,
    size,
    view,
  );
  const on = (key: string): boolean => !hidden.has(key);
  const settings = { scene, theme, highlight: input.highlight ?? null, sized: input.sized === true, plot: made.plot };
  return {
    ...made.option,
    tooltip: itemTooltip((series, index) => (series === 'modes' ? tip(shownPlaces(scene)[index], input, scene) : '')),
    series: [
      ...(on('density') ? densityMarks(scene, theme) : []),
      ...referenceMarks(settings, on),
      ...pointMarks(settings, on),
      centres(settings, on),
      ...placeMarks(settings, on),
      ...(theme.name === 'paper' ? [legend(entries, 0.4 * em, made.top, size.width - 0.8 * em, theme)] : []),
    ],
  };
}

function items(scene: Scene, theme: ChartTheme): LegendItem[] {
  const item = (
    key: string,
    text: string,
    colour: string,
    symbol: 'rect' | 'circle' | 'cross',
    hollow = false,
  ): LegendItem => ({
    ...{ key, text, colour, textColour: theme.ink, dash: [0, 100] },
    mark: { symbol, dash: [], hollow },
  });
  const has = (standing: Place['standing']): boolean => scene.places.some((place) => place.standing === standing);
  const generated = scene.reference !== null;
  const first = theme.runs[scene.good[0]?.hue ?? 5] ?? theme.ink;
  return [
    ...(scene.good.length === 0
      ? []
      : [item('good', generated ? 'generated, by class' : 'samples, by mode', first, 'rect')]),
    ...(scene.poor.length === 0
      ? []
      : [item('poor', generated ? 'generated, doubtful' : 'far from every mode', theme.quiet, 'rect', true)]),
    ...(has('missed') ? [item('missed', 'missed', theme.danger, 'cross')] : []),
    ...(has('short') ? [item('short', 'fewer than it weighs', theme.danger, 'circle', true)] : []),
    ...(has('undecidable') ? [item('undecidable', 'cannot be judged', theme.quiet, 'circle', true)] : []),
    ...(scene.reference === null
      ? []
      : [
          item('covered', 'real', theme.axis, 'rect'),
          ...(scene.reference.uncovered.length > 0
            ? [item('uncovered', 'real, not covered', theme.danger, 'rect')]
            : []),
        ]),
  ];
}

function paperLegend(scene: Scene | null, width: number, theme: ChartTheme): number {
  if (scene === null || theme.name !== 'paper') return 0;
  return legendLayout(items(scene, theme), width - 0.8 * theme.fontSize, theme).height;
}

function wordsOf(scene: Scene, { label, coverage }: ScatterInput): string {
  const { card } = coverage;
  const drawn = scene.view.points.length;
  const good = scene.good.reduce((sum, { dots }) => sum + dots.length, 0);
  const standings = standingsOf(card);
  const lost = card.missed.filter(({ mode }) => standings.get(mode) === 'missed');
  const short = card.missed.length - lost.length;
  const missed = lost
    .slice(0, 8)
    .map(({ mode, weight }) => `${scene.name(mode)} (weight ${shortNumber(weight)})`)
    .join(', ');
  return [
    `${label}: ${formatCount(good)} of ${formatPlural(drawn, 'point', 'points')} shown are near their mode.`,
    lost.length === 0 ? '' : `Missed: ${missed}${lost.length > 8 ? ` and ${formatCount(lost.length - 8)} more` : ''}.`,
    short === 0 ? '' : `${formatPlural(short, 'mode has', 'modes have')} fewer samples than its weight.`,
    card.undecidable.length === 0
      ? ''
      : `${formatPlural(card.undecidable.length, 'mode', 'modes')} cannot be judged with so few samples.${neededText(card)}`,
    scene.density === undefined
      ? 'The density itself is not known on these axes.'
      : scene.view.axes.length === 2
        ? `Contours enclose ${enclosedShares.map((share) => `${100 * share} %`).join(', ')} of the target.`
        : 'The area is the density of the target.',
    scene.reference === null
      ? ''
      : `${formatPlural(scene.reference.uncovered.length, 'real item has', 'real items have')} no generated one near.`,
  ]
    .filter((text) => text !== '')
    .join(' ');
}

function tip(place: Place | undefined, { coverage }: ScatterInput, scene: Scene): string {
  if (place === undefined) return '';
  const { modes } = coverage.card;
  const row = (name: string, value: string): string => `<tr><td>${name}</td><td class="value">${value}</td></tr>`;
  const sum = (list: readonly number[] | undefined): number | undefined =>
    list === undefined ? undefined : place.modes.reduce((total, mode) => total + (list[mode] ?? 0), 0);
  const weights = (
    [
      ['true weight', sum(modes?.weights)],
      ['samples', sum(modes?.raw)],
      ['reweighted', sum(modes?.reweighted)],
    ] as const
  )
    .flatMap(([name, value]) => (value === undefined ? [] : [row(name, coverageNumber('', value))]))
    .join('');
  const [only] = place.modes;
  const title =
    place.modes.length === 1 && only !== undefined
      ? `mode ${scene.name(only)}${place.standing === 'found' ? '' : `, ${standingLabels[place.standing]}`}`
      : `${formatCount(place.modes.length)} modes, ${formatCount(place.affected.length)} ${standingLabels[place.standing]}`;
  return `<p>${escapeHtml(title)}</p><table>${weights}</table>`;
}

function table(scene: Scene | null, { coverage }: ScatterInput): DataTable {
  const { card, view } = coverage;
  const standings = standingsOf(card);
  const count = card.modes?.weights.length ?? view?.locations?.length ?? 0;
  const axes = view?.axes ?? [];
  return {
    columns: [
      { name: 'mode', label: 'mode', numeric: true },
      { name: 'name', label: 'name', numeric: false },
      { name: 'standing', label: 'standing', numeric: false },
      ...axes.map((axis, index) => ({ name: `location_${index + 1}`, label: axis, numeric: true })),
      { name: 'true_weight', label: 'true weight', numeric: true },
      { name: 'raw', label: 'samples', numeric: true },
      { name: 'reweighted', label: 'reweighted', numeric: true },
    ],
    rows: Array.from({ length: count }, (_, mode) => [
      numberCell(mode, 0),
      textCell(scene?.name(mode) ?? String(mode)),
      textCell(standingLabels[standings.get(mode) ?? 'found']),
      ...axes.map((_axis, index) => numberCell(view?.locations?.[mode]?.[index] ?? null, 3)),
      numberCell(card.modes?.weights[mode] ?? null, 4),
      numberCell(card.modes?.raw[mode] ?? null, 4),
      numberCell(card.modes?.reweighted?.[mode] ?? null, 4),
    ]),
  };
}
