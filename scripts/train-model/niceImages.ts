import { quantised, resizeImages } from '../../src/main/trainers/nice';
import { InputError } from '../../src/shared/errors';
import type { Images } from './images';

/**
 * Grey images of 0 to 1 as a flow is trained on: square, of the size given, cut down to 3 bits.
 * @param where what the message names
 * @throws InputError where the images are in colour, or no images
 */
export function resized(images: Images, size: number, where: string): Images {
  const { shape, training, heldOut } = images;
  const [channels, height, width] = shape;
  if (shape.length !== 3 || channels !== 1 || height === undefined || width === undefined)
    throw new InputError(where, `its data have the shape ${shape.join(' × ')}`, 'Give grey images.');
  // Arrays of bytes come as they are.
  let most = 0;
  for (const value of training) most = Math.max(most, value);
  const greys = (values: Float32Array): Float32Array => (most > 1 ? values.map((value) => value / 255) : values);
  const small = (values: Float32Array): Float32Array =>
    quantised(resizeImages(greys(values), [height, width], [size, size]));
  return { ...images, pixels: size * size, shape: [1, size, size], training: small(training), heldOut: small(heldOut) };
}
