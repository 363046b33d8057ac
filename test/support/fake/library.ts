import type { DatasetEntry, ImageGrid, ModelEntry } from '../../../src/shared/library';
import type { RecipeEntry, SystemInfo } from '../../../src/shared/rpc';
import { runFileSchema } from '../../../src/shared/runFile';
import { fakeRandom } from './random';

const hour = 3_600_000;

export function fakeModels(now: number): ModelEntry[] {
  const dense = (name: string, sha: string, latent: number, hidden: number, side: number): ModelEntry => ({
    sha256: sha.repeat(32),
    name,
    format: name.endsWith('.safetensors') ? 'safetensors' : 'torch',
    bytes: (latent * hidden + hidden * side * side) * 4,
    created: now - 30 * hour,
    path: `/home/ada/bracket/models/${name}`,
    tensors: [
      { name: 'decoder.fc1.weight', shape: [hidden, latent], dtype: 'float32' },
      { name: 'decoder.fc1.bias', shape: [hidden], dtype: 'float32' },
      { name: 'decoder.fc2.weight', shape: [side * side, hidden], dtype: 'float32' },
      { name: 'decoder.fc2.bias', shape: [side * side], dtype: 'float32' },
    ],
    decoder: [{ linear: 'decoder.fc1' }, 'relu', { linear: 'decoder.fc2' }],
    likelihood: { type: 'bernoulli' },
    confirmed: sha === 'a3',
    latent,
    outputShape: [1, side, side],
    chain: [
      { name: 'z', shape: [latent] },
      { name: 'decoder.fc1', shape: [hidden] },
      { name: 'relu', shape: [hidden] },
      { name: 'decoder.fc2', shape: [side * side] },
    ],
    notes: sha === 'a3' ? [] : ['The likelihood is guessed: the last layer has no activation, so it ends in logits.'],
    problem: null,
  });
  return [
    dense('glyphs-vae.safetensors', 'a3', 8, 128, 12),
    dense('mnist-vae100.pth', 'b4', 100, 400, 28),
    {
      ...dense('odd-network.pt', 'c5', 10, 64, 8),
      decoder: null,
      likelihood: null,
      latent: null,
      outputShape: null,
      chain: [],
      problem:
        'The layers do not chain: "head.weight" takes 96 inputs, and no layer before it has 96 outputs. Put the layers in order.',
    },
  ];
}

export function fakeDatasets(now: number): DatasetEntry[] {
  return [
    {
      sha256: 'd6'.repeat(32),
      name: 't10k-images-idx3-ubyte.gz',
      format: 'idx',
      bytes: 1_648_877,
      created: now - 60 * hour,
      path: '/home/ada/bracket/data/t10k-images-idx3-ubyte.gz',
      count: 10_000,
      shape: [1, 28, 28],
      range: [0, 255],
      array: null,
    },
    {
      sha256: 'e7'.repeat(32),
      name: 'moons.npz',
      format: 'npz',
      bytes: 64_000,
      created: now - 90 * hour,
      path: '/home/ada/bracket/data/moons.npz',
      count: 4000,
      shape: [2],
      range: [-2.1, 3.2],
      array: 'x',
    },
  ];
}

/** @param family the run with every bound, which the published numbers stand beside */
export function fakeRecipes(lastRun: string | null, family: string | null = null): RecipeEntry[] {
  const run = (simulate: number, temperatures: number) =>
    runFileSchema.parse({
      kind: 'mutual-information',
      name: 'Glyphs VAE',
      model: { checkpoint: '../examples/glyphs-vae.safetensors', likelihood: { type: 'bernoulli' } },
      data: { simulate },
      ais: { chains: 8, temperatures },
    });
  return [
    {
      name: 'demo',
      title: 'Glyphs VAE, mutual information',
      reference: null,
      directory: '/usr/share/bracket/recipes',
      lastRun,
      description:
        'Brackets how many nats the latent code of a small trained VAE tells about its images. Under a minute on two cores.',
      run: run(32, 500),
    },
    {
      name: 'brekelmans-table-1',
      title: 'Mutual information of MNIST VAEs and GANs',
      directory: '/usr/share/bracket/recipes',
      lastRun: family,
      scales: [
        { name: 'laptop', run: run(32, 500) },
        { name: 'paper', run: run(128, 10_000) },
      ],
      published: [
        { label: 'Closed form', value: 23.23 },
        { label: 'AIS', estimator: 'im-ais', side: 'lower', base: 'q', value: 23.23 },
        { label: 'AIS', estimator: 'im-ais', side: 'upper', base: 'q', value: 23.23 },
        {
          label: 'IWAE, K = 1000',
          estimator: 'iwae',
          side: 'lower',
          base: 'q',
          samples: 1000,
          value: 23.19,
          note: '20.53 + 2.66.',
        },
        { label: 'InfoNCE, K = 100', estimator: 'infonce', side: 'lower', samples: 100, value: 4.61 },
      ],
      reference:
        'Brekelmans et al. (2022), Improving Mutual Information Estimation with Annealed and Energy-Based Bounds, table 1',
      description: 'Multi-sample AIS bounds on the mutual information of linear VAEs whose closed form is known.',
      run: run(128, 10_000),
    },
  ];
}

export function fakeSystem(): SystemInfo {
  return {
    version: '0.1.0',
    node: '24.21.0',
    electron: null,
    runtime: 'ONNX Runtime 1.30.0',
    platform: 'linux x64',
    home: '/home/ada/.local/share/bracket',
    host: 'browser',
    devices: [
      { name: 'cpu', available: true, detail: '2 cores' },
      { name: 'webgpu', available: true, detail: 'SwiftShader' },
      {
        name: 'cuda',
        available: false,
        detail: 'The CUDA libraries are not there. "npm run setup:cuda" fetches them.',
      },
      { name: 'tensorflow', available: false, detail: 'The package @tensorflow/tfjs-node-gpu is not installed.' },
      { name: 'reference', available: true, detail: 'slow and simple, for checks' },
    ],
  };
}

/** Soft blobs: enough to see that a grid of images is drawn the right way up. */
export function fakeImages(
  count: number,
  side: number,
  seed: number,
  shift: (index: number) => number = () => 0,
): ImageGrid {
  const random = fakeRandom(seed + 11);
  const values: number[] = [];
  for (let image = 0; image < count; image += 1) {
    const [cx, cy, radius] = [0.25 + random() * 0.5 + shift(image), 0.3 + random() * 0.4, 0.12 + random() * 0.15];
    for (let pixel = 0; pixel < side * side; pixel += 1) {
      const [x, y] = [(pixel % side) / side - cx, Math.floor(pixel / side) / side - cy];
      const distance = Math.abs(Math.hypot(x, y) - radius);
      values.push(Math.round(1000 * Math.exp(-((distance / 0.06) ** 2))) / 1000);
    }
  }
  return { count, height: side, width: side, channels: 1, low: 0, high: 1, values };
}
