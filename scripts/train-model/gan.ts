/**
 * Trains a GAN whose generator is then evaluated: npm run train:gan -- --data IMAGES --output-file FILE [--latent 10]
 * [--hidden 1024,1024,1024] [--activation tanh] [--output sigmoid] [--variance 0.03] [--critic-hidden 1024,512] [--critic-steps 5]
 * [--batch 128] [--epochs 300] [--patience 20] [--learning-rate 1e-4] [--seed 6] [--limit IMAGES] [--device cpu].
 * The variance is that of the noise which makes the generator a model with a density; training does not look at it.
 */
import { parseArgs } from 'node:util';
import { openDevice } from '../../src/main/tensor/devices';
import { commonArguments, commonOptions, positive, whole } from './arguments';
import { modelFile, writeModel } from './file';
import { gan } from './ganModel';
import { trainGan } from './ganTraining';
import { readImages } from './images';
import { script } from './script';

await script(async () => {
  const { values } = parseArgs({
    options: {
      ...commonOptions,
      variance: { type: 'string', default: '0.03' },
      'critic-hidden': { type: 'string', default: '1024,512' },
      'critic-steps': { type: 'string', default: '5' },
    },
  });
  const common = commonArguments(values);
  const { latent, hidden, activation, output, seed } = common;
  const sigma = Math.sqrt(positive('variance', values.variance));
  const criticHidden = values['critic-hidden']
    .split(',')
    .filter(Boolean)
    .map((width) => whole('critic-hidden', width, 1));
  const criticSteps = whole('critic-steps', values['critic-steps'], 1);

  const images = readImages(common.data, seed, common.limit);
  const model = gan({ pixels: images.pixels, latent, hidden, activation, output, criticHidden });
  const device = await openDevice(common.device);
  const started = performance.now();
  const selected = await trainGan(device, model, images, {
    ...common,
    criticSteps,
    onEpoch: ({ epoch, heldOut, isBest }) => {
      const minutes = (performance.now() - started) / 60_000;
      console.log(
        `${minutes.toFixed(1)} min, epoch ${epoch}: energy distance ${(-heldOut).toFixed(4)}${isBest ? '' : ', no better'}`,
      );
    },
  });
  const bytes = modelFile(selected.parameters, model.decoder.shapes, {
    title: `Generator of a GAN of ${images.shape.join(' × ')} images, ${latent} latent`,
    latent,
    shape: images.shape,
    decoder: model.decoder.layers,
    likelihood: { type: 'gaussian', sigma },
    facts: {
      heldOutEnergyDistance: (-selected.heldOut).toFixed(4),
      epoch: `${selected.epoch} of ${selected.epochs}`,
      data: images.sha256,
      made: `npm run train:gan -- ${process.argv.slice(2).join(' ')}`,
    },
  });
  writeModel(common.outputFile, bytes);
  console.log(`Wrote ${common.outputFile}: epoch ${selected.epoch} of ${selected.epochs}.`);
});
