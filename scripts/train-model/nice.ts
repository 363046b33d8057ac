/**
 * Trains a NICE flow whose density is then a target: npm run train:nice -- --data IMAGES --output-file FILE [--size 7]
 * [--hidden 1000,1000,1000,1000] [--couplings 4] [--batch 1000] [--epochs 2000] [--patience 50] [--learning-rate 1e-4] [--l2 1e-6]
 * [--seed 6] [--limit IMAGES] [--device cpu].
 * Images are resized to the size and cut down to 3 bits; the density is that of their logits, with noise within the levels.
 */
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { writeSafetensors } from '../../src/main/checkpoints';
import { nice } from '../../src/main/models/nice';
import { openDevice } from '../../src/main/tensor/devices';
import { alpha, levels, niceJudge, trainNice } from '../../src/main/trainers/nice';
import { commonArguments, commonOptions, positive, whole } from './arguments';
import { writeModel } from './file';
import { minibatches, readImages } from './images';
import { resized } from './niceImages';
import { script } from './script';
import { keepBest } from './selection';

await script(async () => {
  const { data, limit, seed: seedOption, device: deviceOption } = commonOptions;
  const { values } = parseArgs({
    options: {
      data,
      limit,
      seed: seedOption,
      device: deviceOption,
      'learning-rate': commonOptions['learning-rate'],
      'output-file': commonOptions['output-file'],
      size: { type: 'string', default: '7' },
      hidden: { type: 'string', default: '1000,1000,1000,1000' },
      couplings: { type: 'string', default: '4' },
      batch: { type: 'string', default: '1000' },
      epochs: { type: 'string', default: '2000' },
      patience: { type: 'string', default: '50' },
      l2: { type: 'string', default: '1e-6' },
    },
  });
  const common = commonArguments({ ...values, latent: '1', activation: 'relu', output: 'identity' });
  const { hidden, seed, batch, epochs, learningRate } = common;
  const size = whole('size', values.size, 2);
  const l2 = positive('l2', values.l2);

  const images = resized(readImages(common.data, seed, common.limit), size, common.data);
  const flow = { dim: images.pixels, hidden, couplings: whole('couplings', values.couplings, 1) };
  const device = await openDevice(common.device);
  const { perEpoch, fill } = minibatches(images, batch, seed);
  const training = trainNice(device, flow, { batch, iterations: epochs * perEpoch, learningRate, l2, seed, fill });
  const judge = await niceJudge(device, flow, images.heldOut, seed);
  const started = performance.now();
  const selected = await keepBest(training, perEpoch, judge.value, {
    ...common,
    onEpoch: ({ epoch, training: { logLikelihood = Number.NaN }, heldOut, isBest }) => {
      const minutes = (performance.now() - started) / 60_000;
      console.log(
        `${minutes.toFixed(1)} min, epoch ${epoch}: log p ${logLikelihood.toFixed(2)}, held out ${heldOut.toFixed(2)} nats${isBest ? '' : ', no better'}`,
      );
    },
  });
  await judge.dispose();
  const { shapes } = nice(flow);
  const tensors = Object.entries(shapes).map(([name, shape]) => {
    return { name, shape, dtype: 'float32' as const, data: selected.parameters[name] as Float32Array };
  });
  const bytes = writeSafetensors(tensors, {
    title: `${size} × ${size} pixels of ${basename(common.data)}`,
    shape: JSON.stringify([1, size, size]),
    pixels: `logit(${alpha} + ${1 - 2 * alpha} x), x of ${levels} levels with uniform noise`,
    heldOutLogLikelihood: selected.heldOut.toFixed(4),
    epoch: `${selected.epoch} of ${selected.epochs}`,
    data: images.sha256,
    made: `npm run train:nice -- ${process.argv.slice(2).join(' ')}`,
  });
  writeModel(common.outputFile, bytes);
  console.log(
    `Wrote ${common.outputFile}: epoch ${selected.epoch}, held-out log p ${selected.heldOut.toFixed(2)} nats.`,
  );
});
