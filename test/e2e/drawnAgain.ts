import { spawnSync } from 'node:child_process';
import type { Browser } from 'playwright-core';

/** Whether poppler's programs are here. */
export const hasPoppler = spawnSync('pdftotext', ['-v']).error === undefined;

type Colour = readonly [red: number, green: number, blue: number];

/** A figure as another program has drawn it. */
export interface Drawn {
  readonly texts: string;
  /** How many pixels have this colour, but for what rounding does to it. */
  count(colour: Colour): number;
}

/** "#0072b2" at an opacity, on white. */
export function onWhite(hex: string, opacity = 1): Colour {
  const channel = (at: number): number =>
    Math.round(255 - opacity * (255 - Number.parseInt(hex.slice(at, at + 2), 16)));
  return [channel(1), channel(3), channel(5)];
}

/** Reads and draws a PDF with poppler. @throws Error when a font is not in the file */
export function drawPdf(path: string): Drawn {
  const fonts = spawnSync('pdffonts', [path], { encoding: 'utf8' }).stdout.trim().split('\n').slice(2);
  // Embedded, in part: "yes yes".
  if (fonts.length === 0 || fonts.some((font) => !/ yes yes /.test(font))) throw new Error(fonts.join('\n'));
  const texts = spawnSync('pdftotext', [path, '-'], { encoding: 'utf8' }).stdout;
  const { stdout } = spawnSync('pdftoppm', ['-r', '150', path], { maxBuffer: 2 ** 28 });
  // "P6", width, height and 255, each on a line or two, then three bytes a pixel.
  const pixels = stdout.subarray(stdout.indexOf('\n255\n') + 5);
  return { texts, count: (colour) => countNear(pixels, 3, colour) };
}

/** Opens an SVG file by itself, as whoever gets it does, in a browser that knows nothing of the app. */
export async function drawSvg(browser: Browser, path: string): Promise<Drawn> {
  const context = await browser.newContext({ deviceScaleFactor: 2 });
  try {
    const page = await context.newPage();
    await page.goto(`file://${path}`);
    const texts = await page.evaluate(() =>
      [...document.querySelectorAll('text')]
        .filter((text) => text.getBoundingClientRect().width > 0)
        .map(({ textContent }) => textContent)
        .join('\n'),
    );
    const picture = (await page.screenshot()).toString('base64');
    // A page can read the pixels of a picture; an SVG by itself has no scripts to do that with.
    await page.goto('about:blank');
    const pixels = await page.evaluate(async (base64) => {
      const image = new Image();
      image.src = `data:image/png;base64,${base64}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const drawing = canvas.getContext('2d');
      drawing?.drawImage(image, 0, 0);
      const data = drawing?.getImageData(0, 0, image.width, image.height).data ?? [];
      return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(''));
    }, picture);
    const bytes = Buffer.from(pixels, 'base64');
    return { texts, count: (colour) => countNear(bytes, 4, colour) };
  } finally {
    await context.close();
  }
}

function countNear(pixels: Uint8Array, channels: number, colour: Colour): number {
  let count = 0;
  for (let at = 0; at + channels <= pixels.length; at += channels)
    if (colour.every((value, channel) => Math.abs((pixels[at + channel] ?? 0) - value) <= 2)) count += 1;
  return count;
}
