import type { ChartTheme } from '../theme';

/** Neighbours differ; numbers and names beside them tell modes apart. Blue and orange say sides of bounds, vermilion is near what is missed. */
const modeHues = [5, 2, 3, 4] as const;

export function modeHue(mode: number): number {
  return modeHues[mode % modeHues.length] ?? 5;
}

/** The colour of a mode wherever it is drawn. */
export function modeColour(mode: number, theme: ChartTheme): string {
  return theme.runs[modeHue(mode)] ?? theme.ink;
}

/** A colour between two, both as "#rrggbb". @param share of the second */
export function mixed(first: string, second: string, share: number): string {
  const part = (at: number): string => {
    const [a, b] = [first, second].map((colour) => parseInt(colour.slice(at, at + 2), 16));
    const value = Math.round((a ?? 0) + share * ((b ?? 0) - (a ?? 0)));
    return value.toString(16).padStart(2, '0');
  };
  return `#${part(1)}${part(3)}${part(5)}`;
}

/** A tenth of a pixel is enough. */
export function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Lines at 45° within a rectangle, as an SVG path: what is reweighted is hatched. */
export function hatching(x: number, y: number, width: number, height: number, step: number): string {
  const lines: string[] = [];
  for (let at = step; at < width + height; at += step) {
    const [x1, y1] = at <= height ? [x, y + at] : [x + at - height, y + height];
    const [x2, y2] = at <= width ? [x + at, y] : [x + width, y + at - width];
    lines.push(`M${short(x1)} ${short(y1)}L${short(x2)} ${short(y2)}`);
  }
  return lines.join('');
}
