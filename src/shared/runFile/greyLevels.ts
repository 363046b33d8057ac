import { z } from 'zod';

/** How the numbers of a data file become those that a model knows: fields of every part of a run file that names data for a trained model. */
export const greyLevels = {
  scale: z
    .enum(['auto', 'none', 'unit'])
    .default('auto')
    .describe(
      'Bytes 0 to 255 become 0 to 1: by "auto" in IDX and CIFAR-10 files of images, by "unit" always, by "none" never.',
    ),
  binarise: z
    .enum(['none', 'threshold', 'stochastic'])
    .default('none')
    .describe('How grey levels become binary: as they are, at 0.5, or drawn once with the grey level as probability.'),
};
