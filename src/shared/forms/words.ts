/** How fields and choices of run files are called in forms. What is not here is made from its key. */
const fieldLabels: Readonly<Record<string, string>> = {
  kind: 'Quantity',
  checkpoint: 'Checkpoint',
  decoder: 'Layers',
  ais: 'Annealing',
  iwae: 'Importance sampling',
  contrastive: 'Comparing with critics',
  proposal: 'Draw from',
  subsets: 'Fewer chains too',
  objective: 'Trained for',
  hidden: 'Hidden layers',
  iterations: 'Updates',
  batch: 'Minibatch',
  refine: 'Refining updates',
  base: 'Corrects',
  trainBase: 'Train a copy of it',
  transitions: 'HMC transitions M',
  layers: 'Layers',
  mean: 'Mean',
  chains: 'Chains K',
  temperatures: 'Temperatures T',
  leapfrog: 'Leapfrog steps L',
  rad: 'Crowding',
  initial: 'Start from',
  std: 'Standard deviation',
  stepSize: 'Step size',
  acceptance: 'Target acceptance',
  coupledUpper: 'CR-AIS from below',
  gap: 'Target gap',
  maxSeconds: 'Time limit',
  samples: 'Samples K',
  simulate: 'How many',
  offset: 'Skip',
  limit: 'Use',
  scale: 'Bytes',
  binarise: 'Grey levels',
  linear: 'Weights',
  conv: 'Weights',
  convTranspose: 'Weights',
  batchNorm: 'Weights',
  leakyRelu: 'Slope',
  reshape: 'Shape',
  sigma: 'Noise σ',
  logVariance: 'Log variance',
};

const fieldUnits: Readonly<Record<string, string>> = {
  gap: 'nats',
  maxSeconds: 's',
  offset: 'data',
  limit: 'data',
  batch: 'pairs',
};

const choiceLabels: Readonly<Record<string, string>> = {
  'mutual-information': 'Mutual information',
  evidence: 'Log-likelihood',
  vae: 'VAE',
  coverage: 'Mode coverage',
  'importance-flow': 'Rare event',
  simulate: 'Simulated from the model',
  file: 'From a file',
  prior: 'The prior',
  gaussian: 'Gaussian',
  proposal: 'A proposal',
  network: 'Network',
  encoder: 'Encoder of a VAE',
  saved: 'Kept from a run',
  'forward-kl': 'KL(p ‖ q), on pairs',
  'reverse-kl': 'KL(q ‖ p), the ELBO',
  'symmetric-kl': 'Half of each KL',
  elbo: 'ELBO',
  iwae: 'IWAE',
  ula: 'ULA',
  uha: 'UHA',
  'ula-mcd': 'ULA-MCD',
  'uha-mcd': 'UHA-MCD',
  dais: 'DAIS',
  infonce: 'InfoNCE',
  giwae: 'GIWAE',
  'mine-dv': 'MINE-DV',
  'mine-f': 'MINE-F',
  'mine-ais': 'MINE-AIS',
  bernoulli: 'Bernoulli',
  linear: 'Linear',
  sigmoid: 'Sigmoid',
  conv: 'Convolution',
  convTranspose: 'Transposed convolution',
  batchNorm: 'Batch normalisation',
  leakyRelu: 'Leaky ReLU',
  reshape: 'Reshape',
  // Names, not words.
  cpu: 'cpu',
  webgpu: 'webgpu',
  cuda: 'cuda',
  tensorflow: 'tensorflow',
  reference: 'reference',
  relu: 'ReLU',
  elu: 'ELU',
  selu: 'SELU',
  gelu: 'GELU',
  silu: 'SiLU',
};

/** "coldStart" → "Cold start". */
export function sentenceCase(key: string): string {
  const words = key
    .replace(/[-_]+/g, ' ')
    .replace(/([a-z\d])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function fieldLabel(key: string): string {
  return fieldLabels[key] ?? sentenceCase(key);
}

export function fieldUnit(key: string): string | undefined {
  return fieldUnits[key];
}

export function choiceLabel(value: string): string {
  return choiceLabels[value] ?? sentenceCase(value);
}

const formatLabels: Readonly<Record<string, string>> = {
  'torch-zip': 'PyTorch',
  'torch-stream': 'PyTorch before 1.6',
  npz: 'NumPy (.npz)',
  npy: 'NumPy (.npy)',
  idx: 'IDX',
  csv: 'CSV',
};

/** What kind of file an entry of the library came from: "torch-zip" → "PyTorch", "idx.gz" → "IDX, gzipped". */
export function formatLabel(format: string): string {
  const plain = format.replace(/\.gz$/, '');
  return `${formatLabels[plain] ?? plain}${plain === format ? '' : ', gzipped'}`;
}
