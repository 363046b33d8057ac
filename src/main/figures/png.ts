import { crc32 } from 'node:zlib';
import { Resvg } from '@resvg/resvg-js';
import type { CleanFigure } from './clean';
import { fontFamily, fontFiles } from './fonts';

const dotsPerInch = 300;
const millimetresPerInch = 25.4;

/** 300 dots an inch on white. */
export function pngOf({ svg }: CleanFigure, width: number): Uint8Array {
  const drawing = new Resvg(svg, {
    background: 'white',
    fitTo: { mode: 'width', value: Math.round((width / millimetresPerInch) * dotsPerInch) },
    font: {
      // The same letters on every machine.
      loadSystemFonts: false,
      fontFiles: fontFiles(),
      defaultFontFamily: fontFamily,
      sansSerifFamily: fontFamily,
      serifFamily: fontFamily,
      monospaceFamily: fontFamily,
    },
    logLevel: 'off',
  });
  return withResolution(drawing.render().asPng());
}

/** Says how large the picture is on paper: a pHYs chunk behind the header, which is always 33 bytes long. */
function withResolution(png: Uint8Array): Uint8Array {
  const header = 33;
  const chunk = Buffer.alloc(21);
  const dotsPerMetre = Math.round((dotsPerInch / millimetresPerInch) * 1000);
  chunk.writeUInt32BE(9, 0);
  chunk.write('pHYs', 4, 'latin1');
  chunk.writeUInt32BE(dotsPerMetre, 8);
  chunk.writeUInt32BE(dotsPerMetre, 12);
  chunk.writeUInt8(1, 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return new Uint8Array(Buffer.concat([png.subarray(0, header), chunk, png.subarray(header)]));
}
