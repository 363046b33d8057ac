import { init } from './echarts';
import type { Figure } from './figure';
import { paperTheme, type ChartTheme } from './theme';

export interface PaperSize {
  /** mm */
  readonly width: number;
  /** mm; from the figure's own aspect when left out. */
  readonly height?: number | undefined;
  /** pt */
  readonly fontSize?: number | undefined;
}

const pointsPerMillimetre = 72 / 25.4;

/** A figure as an SVG of its physical size, as a paper prints it: one unit is a point, whatever theme the app has. */
export function figureSvg(figure: Figure, { width, height: given, fontSize = 8 }: PaperSize): string {
  const wanted = figure.heightAt?.(width * pointsPerMillimetre, paperTheme(fontSize));
  const height = given ?? (wanted === undefined ? width * figure.aspect : wanted / pointsPerMillimetre);
  const size = { width: width * pointsPerMillimetre, height: height * pointsPerMillimetre };
  const svg = tidy(drawSvg(figure, paperTheme(fontSize), size));
  return svg
    .replace(/<svg width="[^"]*" height="[^"]*"/, `<svg width="${round(width)}mm" height="${round(height)}mm"`)
    .replace(
      /(<svg [^>]*>)/,
      `$1\n<title>${escapeXml(figure.title)}</title><desc>${escapeXml(figure.description)}</desc>`,
    );
}

/** Draws without a page: in Node and in a browser alike. */
export function drawSvg(figure: Figure, theme: ChartTheme, size: { width: number; height: number }): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    // Nobody points at paper.
    chart.setOption({ ...figure.option(theme, size), dataZoom: [], tooltip: { show: false } });
    return chart.renderToSVGString({ useViewBox: true });
  } finally {
    chart.dispose();
  }
}

/**
 * What ECharts writes for pages, taken out: rules for hovering, marks of its own, a clip path for each series. Fonts become attributes,
 * which more programs read than styles.
 */
function tidy(svg: string): string {
  const clips = new Map<string, string>();
  const same = new Map<string, string>();
  for (const [, id = '', shape = ''] of svg.matchAll(/<clipPath id="([^"]+)">\s*([\s\S]*?)\s*<\/clipPath>/g)) {
    const first = clips.get(shape) ?? id;
    clips.set(shape, first);
    same.set(id, first);
  }
  return svg
    .replace(/<style[\s\S]*?<\/style>\s*/g, '')
    .replace(/<clipPath id="([^"]+)">[\s\S]*?<\/clipPath>\s*/g, (clip, id: string) => (same.get(id) === id ? clip : ''))
    .replace(/url\(#([^)]+)\)/g, (_all, id: string) => `url(#${same.get(id) ?? id})`)
    .replace(/ (?:ecmeta_\w+|class|pointer-events|xml:space)="[^"]*"/g, '')
    .replace(/ style="([^"]*)"/g, (_all, style: string) => attributesOf(style));
}

function attributesOf(style: string): string {
  return style
    .split(';')
    .map((rule) => rule.split(':'))
    .map(([name = '', value = '']) =>
      /^(font-[a-z]+)$/.test(name.trim()) ? ` ${name.trim()}="${value.trim().replace(/px$/, '')}"` : '',
    )
    .join('');
}

function round(value: number): string {
  return String(Number(value.toFixed(2)));
}

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
