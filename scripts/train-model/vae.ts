/**
 * Trains a VAE to evaluate: npm run train:vae -- --data IMAGES --output-file FILE [--latent 10] [--hidden 1024,1024,1024]
 * [--activation tanh] [--output sigmoid] [--likelihood gaussian] [--variance 0.03] [--learn-variance] [--batch 128] [--epochs 300]
 * [--patience 20] [--learning-rate 1e-4] [--seed 6] [--limit IMAGES] [--device cpu].
 */
import { parseArgs } from 'node:util';
import { InputError } from '../../src/shared/errors';
import { openDevice } from '../../src/main/tensor/devices';
import { commonArguments, commonOptions, oneOf, positive } from './arguments';
import { modelFile, writeModel } from './file';
import { readImages } from './images';
import { script } from './script';
import { vae, type Noise } from './vaeModel';
import { trainVae } from './vaeTraining';

await script(async () => {
  const { values } = parseArgs({
    options: {
      ...commonOptions,
      likelihood: { type: 'string', default: 'gaussian' },
      variance: { type: 'string', default: '0.03' },
      'learn-variance': { type: 'boolean', default: false },
    },
  });
  const common = commonArguments(values);
  const { latent, hidden, activation, output, seed } = common;
  if (hidden.length === 0) throw new InputError('--hidden', 'names no layer', 'The encoder needs at least one.');
  const likelihood = oneOf('likelihood', values.likelihood, ['gaussian', 'bernoulli']);
  if (likelihood === 'bernoulli' && output !== 'identity')
    throw new InputError(`--output ${output}`, 'a Bernoulli decoder ends in logits', 'Use --output identity.');
  const noise: Noise =
    likelihood === 'bernoulli'
      ? { type: likelihood }
      : {
          type: likelihood,
          sigma: Math.sqrt(positive('variance', values.variance)),
          learned: values['learn-variance'],
        };

  const images = readImages(common.data, seed, common.limit);
  const model = vae({ pixels: images.pixels, latent, hidden, activation, output, noise });
  const device = await openDevice(common.device);
  const started = performance.now();
  const selected = await trainVae(device, model, images, {
    ...common,
    onEpoch: ({ epoch, training, heldOut, isBest }) => {
      const minutes = (performance.now() - started) / 60_000;
      console.log(
        `${minutes.toFixed(1)} min, epoch ${epoch}: ELBO ${(training['elbo'] ?? Number.NaN).toFixed(2)}, held out ${heldOut.toFixed(2)} nats${isBest ? '' : ', no better'}`,
      );
    },
  });
  const bytes = modelFile(selected.parameters, model.shapes, {
    title: `VAE of ${images.shape.join(' × ')} images, ${latent} latent`,
    latent,
    shape: images.shape,
    decoder: model.decoder.layers,
    likelihood: model.likelihood,
    facts: {
      encoder: JSON.stringify(model.encoder.layers),
      encoderMean: 'encoder.mean.0',
      encoderLogVariance: 'encoder.logvar.0',
      heldOutElbo: selected.heldOut.toFixed(4),
      epoch: `${selected.epoch} of ${selected.epochs}`,
      data: images.sha256,
      made: `npm run train:vae -- ${process.argv.slice(2).join(' ')}`,
    },
  });
  writeModel(common.outputFile, bytes);
  console.log(
    `Wrote ${common.outputFile}: epoch ${selected.epoch}, held-out ELBO ${selected.heldOut.toFixed(2)} nats.`,
  );
});
