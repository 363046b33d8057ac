import { cleanFigure } from './clean';

export interface FigureRequest {
  readonly svg: string;
  readonly format: 'svg' | 'pdf' | 'png';
  /** Millimetres. */
  readonly width: number;
  readonly title: string;
}

/**
 * A page's drawing as a file for a paper.
 * @throws InputError when the SVG is no plain drawing
 */
export async function drawFigure({ svg, format, width, title }: FigureRequest): Promise<Uint8Array> {
  const figure = cleanFigure(svg, width);
  switch (format) {
    case 'svg':
      return new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8"?>\n${figure.svg}\n`);
    case 'pdf':
      return (await import('./pdf')).pdfOf(figure, width, title);
    case 'png':
      return (await import('./png')).pngOf(figure, width);
  }
}
