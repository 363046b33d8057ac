import { z } from 'zod';
import { layerSchema } from './model';

const window = z.union([z.int().min(1), z.tuple([z.int().min(1), z.int().min(1)])]);
const pooling = {
  stride: window.optional().describe('Pixels from one window to the next; the size of the window when left out.'),
  padding: z.int().min(0).default(0),
};

/** A layer of a classifier of images: those of decoders, and what makes images smaller. */
export const classifierLayerSchema = z.union([
  layerSchema,
  z.strictObject({ maxPool: window.describe('Height and width of the window.'), ...pooling }),
  z.strictObject({ averagePool: window.describe('Height and width of the window.'), ...pooling }),
  z.strictObject({
    resize: z
      .tuple([z.int().min(1).max(4096), z.int().min(1).max(4096)])
      .describe('Height and width of the image from here on, bilinear.'),
  }),
]);
export type ClassifierLayer = z.infer<typeof classifierLayerSchema>;

/** A trained network from images to classes. */
export const classifierSchema = z.strictObject({
  checkpoint: z.string().min(1).describe('Path of the checkpoint, relative to the run file.'),
  layers: z
    .array(classifierLayerSchema)
    .min(1)
    .max(200)
    .optional()
    .describe('The layers from the image to the logits of the classes. Left out, they are read from the checkpoint.'),
  classes: z
    .array(z.string().min(1).max(60))
    .min(2)
    .max(10_000)
    .optional()
    .describe('Names of the classes in order; numbers from 0 when left out.'),
});
export type ClassifierSpec = z.infer<typeof classifierSchema>;
