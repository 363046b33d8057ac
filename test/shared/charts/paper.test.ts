import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { darkTheme, lightTheme, paperTheme, sandwich, type ChartTheme } from '../../../src/shared/charts';
import { figureSvg } from '../../../src/shared/charts/svg';
import { drawFigure } from '../../../src/main/figures';
import { closing } from '../../support/chartRuns';

const figure = sandwich({ points: closing, quantity: 'mi', truth: 24.9 });

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe('a figure on paper', () => {
  const svg = figureSvg(figure, { width: 85, fontSize: 8 });

  it('has its size in millimetres, one unit being a point', () => {
    expect(svg).toMatch(/^<svg width="85mm" height="61\.2mm"/);
    expect(svg).toMatch(/viewBox="0 0 240\.94\d* 173\.48/);
    expect(svg).toContain('font-size="8"');
    expect(figureSvg(figure, { width: 175, fontSize: 9.5 })).toContain('font-size="9.5"');
  });

  it('is white with black text, whatever the app looks like', () => {
    expect(svg).toMatch(/<rect[^>]*fill="#ffffff"/);
    for (const [, colour = ''] of svg.matchAll(/<text[^>]*fill="(#[0-9a-f]{6})"/g)) expect(colour).toBe('#000000');
    const dark = [darkTheme.ink, darkTheme.grid, darkTheme.gap, darkTheme.axis, darkTheme.behind, darkTheme.lower];
    for (const colour of dark) expect(svg).not.toContain(colour);
    expect(luminance(paperTheme().gap)).toBeGreaterThan(0.8);
  });

  it('holds nothing but a drawing: no style sheet, no classes, no marks of the library', () => {
    expect(svg).not.toMatch(/<style|class=|ecmeta|pointer-events|style=|<script|NaN|undefined/);
    expect(svg.match(/<clipPath/g)?.length).toBeLessThan(3);
    for (const [, id = ''] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(svg).toContain(`<clipPath id="${id}">`);
    expect(svg).toContain('<title>Bounds on I(x; z) against temperatures</title>');
  });

  it('becomes a PDF and a PNG of under 200 kB', async () => {
    for (const format of ['svg', 'pdf', 'png'] as const) {
      const bytes = await drawFigure({ svg, format, width: 85, title: figure.title });
      expect(bytes.length).toBeLessThan(200_000);
      const head = Buffer.from(bytes.subarray(0, 5)).toString('latin1');
      expect(head).toMatch({ svg: /^<\?xml/, pdf: /^%PDF-/, png: /^.PNG/ }[format]);
      if (format === 'png') expect(Buffer.from(bytes).readUInt32BE(16)).toBe(Math.round((85 / 25.4) * 300));
    }
  });
});

describe('the themes on screens', () => {
  const css = readFileSync(new URL('../../../src/renderer/styles/tokens.css', import.meta.url), 'utf8');
  const [light = '', dark = ''] = css.split("[data-theme='dark']");

  it.each([
    ['light', lightTheme, light],
    ['dark', darkTheme, dark],
  ] as const)('are those of the page: %s', (_name, theme: ChartTheme, block) => {
    const token = (name: string): string => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(block)?.[1] ?? token2(name);
    const token2 = (name: string): string => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(light)?.[1] ?? '';
    expect({
      ink: theme.ink,
      quiet: theme.quiet,
      axis: theme.axis,
      grid: theme.grid,
      lower: theme.lower,
      upper: theme.upper,
      lowerText: theme.lowerText,
      upperText: theme.upperText,
      gap: theme.gap,
      truth: theme.truth,
      danger: theme.danger,
      behind: theme.behind,
      runs: theme.runs,
    }).toEqual({
      ink: token('ink'),
      quiet: token('ink-3'),
      axis: token('hairline-strong'),
      grid: token('hairline'),
      lower: token('lower'),
      upper: token('upper'),
      lowerText: token('lower-ink'),
      upperText: token('upper-ink'),
      gap: token('gap'),
      truth: token('truth'),
      danger: token('danger'),
      behind: token('paper'),
      runs: [0, 1, 2, 3, 4, 5].map((hue) => token(`run-${hue}`)),
    });
  });
});
