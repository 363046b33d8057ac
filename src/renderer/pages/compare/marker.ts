import type { RunStyle } from '../../../shared/compare/styles';

/** A mark of about 7 pixels around a point, as SVG path data. */
export function markerPath(marker: RunStyle['marker'], x: number, y: number): string {
  switch (marker) {
    case 'circle':
      return `M${x - 3} ${y}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z`;
    case 'square':
      return `M${x - 2.75} ${y - 2.75}h5.5v5.5h-5.5z`;
    case 'triangle':
      return `M${x} ${y - 3.5}l3.5 6h-7z`;
    case 'diamond':
      return `M${x} ${y - 4}l4 4l-4 4l-4 -4z`;
  }
}
