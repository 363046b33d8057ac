import { crc32, deflateSync } from 'node:zlib';
import { pixels, side } from './glyphs';

/**
 * Lays images out as a contact sheet.
 * @param images rows of `pixels` probabilities of ink
 * @param columns images in a line
 * @returns a grey PNG, ink black, each pixel enlarged four times
 */
export function contactSheet(images: Float32Array, columns: number): Uint8Array {
  const zoom = 4;
  const cell = side * zoom + 2;
  const lines = Math.ceil(images.length / pixels / columns);
  const width = columns * cell;
  // A line of a PNG starts with the number of its filter; 0 is none.
  const raw = new Uint8Array((width + 1) * lines * cell).fill(160);
  for (let y = 0; y < lines * cell; y += 1) {
    raw[y * (width + 1)] = 0;
    for (let x = 0; x < width; x += 1) {
      const image = Math.floor(y / cell) * columns + Math.floor(x / cell);
      const [u, v] = [Math.floor((x % cell) / zoom), Math.floor((y % cell) / zoom)];
      const value = u < side && v < side ? images[image * pixels + v * side + u] : undefined;
      if (value !== undefined) raw[y * (width + 1) + 1 + x] = Math.round(255 * (1 - value));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(lines * cell, 4);
  header.writeUInt8(8, 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(raw)),
    chunk('IEND', new Uint8Array()),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
