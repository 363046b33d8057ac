import PDFDocument from 'pdfkit';
import SVGtoPDF from 'svg-to-pdfkit';
import { fontFile, styleOf, type FontStyle } from './fonts';
import type { CleanFigure } from './clean';

const pointsPerMillimetre = 72 / 25.4;
const fontStyles: readonly FontStyle[] = ['regular', 'italic', 'bold', 'boldItalic'];

/**
 * A page of the figure's own size. The letters that occur are embedded, as publishers ask; the fonts that every PDF reader brings
 * are not used because their files would not be in it.
 */
export async function pdfOf({ svg, aspect }: CleanFigure, width: number, title: string): Promise<Uint8Array> {
  const size: [number, number] = [width * pointsPerMillimetre, width * aspect * pointsPerMillimetre];
  const document = new PDFDocument({
    size,
    margin: 0,
    font: fontFile('regular'),
    info: { Title: title, Creator: 'Bracket', Producer: 'Bracket' },
  });
  const pieces: Uint8Array[] = [];
  document.on('data', (piece: Uint8Array) => pieces.push(piece));
  const ended = new Promise<void>((resolve, reject) => {
    document.on('end', resolve);
    document.on('error', reject);
  });
  for (const style of fontStyles) document.registerFont(style, fontFile(style));
  SVGtoPDF(document, svg, 0, 0, {
    width: size[0],
    height: size[1],
    fontCallback: (_family, bold, italic) => styleOf(bold, italic),
    documentCallback: () => null,
    warningCallback: () => undefined,
  });
  document.end();
  await ended;
  return new Uint8Array(Buffer.concat(pieces));
}
