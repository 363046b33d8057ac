import type { Bound } from './result';
import type { RunQuantity } from './runRecord';

/** How the names in run files and results are written for people. */
const estimatorLabels: Readonly<Record<string, string>> = {
  ba: 'BA',
  elbo: 'ELBO',
  iwae: 'IWAE',
  's-infonce': 'S-InfoNCE',
  infonce: 'InfoNCE',
  giwae: 'GIWAE',
  riwae: 'RIWAE',
  ais: 'AIS',
  'im-ais': 'IM-AIS',
  'ir-ais': 'IR-AIS',
  'cr-ais': 'CR-AIS',
  bdmc: 'BDMC',
  ibal: 'IBAL',
  'mine-dv': 'MINE-DV',
  'mine-f': 'MINE-F',
  'gmine-dv': 'GMINE-DV',
  'gmine-f': 'GMINE-F',
};

const quantityLabels: Readonly<Record<RunQuantity, string>> = {
  mi: 'I(x; z)',
  'log-px': 'log p(x)',
  'log-z': 'log Z',
  ibal: 'IBAL',
  'log-probability': 'log P',
  coverage: 'Coverage',
};

const kindLabels: Readonly<Record<string, string>> = {
  'mutual-information': 'Mutual information',
  evidence: 'Log-likelihood',
  target: 'Target',
  vae: 'VAE',
  'importance-flow': 'Rare event',
  coverage: 'Mode coverage',
};

/** "cr-ais" → "CR-AIS". */
export function estimatorLabel(name: string): string {
  return estimatorLabels[name] ?? methodLabel(name);
}

/** "mi" → "I(x; z)". */
export function quantityLabel(quantity: RunQuantity): string {
  return quantityLabels[quantity];
}

/** "mutual-information" → "Mutual information". */
export function kindLabel(kind: string): string {
  return kindLabels[kind] ?? kind;
}

/** Whether runs of a kind bound their quantity from both sides, by chains between temperatures. Others have lower bounds, or none. */
export function isSandwich(kind: string): boolean {
  return kind === 'mutual-information' || kind === 'evidence';
}

/** The checkpoint of a run without what its file ends in: "glyphs-vae.safetensors" → "glyphs-vae". */
export function modelLabel(model: string): string {
  return model.replace(/(?<=.)\.(safetensors|pth|pt|ckpt|bin|npz)$/i, '');
}

/** A side with the relation that it states: quantity ≥ lower bound. */
export const sideLabels: Readonly<Record<Bound['side'], { relation: string; word: string }>> = {
  lower: { relation: '≥', word: 'lower' },
  upper: { relation: '≤', word: 'upper' },
  estimate: { relation: '≈', word: 'estimate' },
};

const methodLabels: Readonly<Record<string, string>> = {
  dais: 'DAIS',
  dais0: 'DAIS0',
  vi: 'VI',
  iwvi: 'IWVI',
  msc: 'MSC',
  hmc: 'HMC',
  ais: 'AIS',
  smc: 'SMC',
  'parallel-tempering': 'Parallel tempering',
  svgd: 'SVGD',
  ula: 'ULA',
  uha: 'UHA',
  'ula-mcd': 'ULA-MCD',
  'uha-mcd': 'UHA-MCD',
  'importance-flow': 'Importance flow',
  'monte-carlo': 'Monte Carlo',
  'annealing-flow': 'Annealing flow',
  'annealing-flow-smc': 'Annealing flow with SMC',
};

/** "dais0" → "DAIS0", "dais0-2" → "DAIS0 2". */
export function methodLabel(name: string): string {
  const [, type = name, count] = /^(.+)-(\d+)$/.exec(name) ?? [];
  const label = methodLabels[type];
  if (label === undefined) return name;
  return count === undefined ? label : `${label} ${count}`;
}

const divergences: Readonly<Record<string, string>> = {
  hutchinson: 'Hutchinson',
  'finite-difference': 'finite differences',
};

/** "K = 8 + 2": the annealing blocks of a flow and those of refinement; then a base and a divergence that are not the usual. */
export function blocksText(method: {
  readonly blocks: number;
  readonly betas?: readonly number[] | undefined;
  readonly refinement: number;
  readonly flow?: string | undefined;
  readonly baseScale?: number;
  readonly divergence?: string;
}): string {
  if (method.flow !== undefined) return 'kept';
  const { baseScale = 1, divergence = 'exact' } = method;
  return [
    `K = ${method.betas?.length ?? method.blocks} + ${method.refinement}`,
    ...(baseScale === 1 ? [] : [`s₀ = ${baseScale}`]),
    ...(divergence === 'exact' ? [] : [divergences[divergence] ?? divergence]),
  ].join(', ');
}

/** "3 × residual", "1 × plain", "linear": the blocks of a score network, short enough to stand behind a name. */
export function scoreText({ blocks, residual }: { readonly blocks: number; readonly residual: boolean }): string {
  if (blocks === 0) return 'linear';
  return `${blocks} × ${residual ? 'residual' : 'plain'}`;
}

/** A target in two or three words: "logistic-regression" of a file → "Logistic regression, sonar". */
export function targetLabel(target: {
  readonly type: string;
  readonly file?: string | undefined;
  readonly dim?: number | undefined;
  readonly train?: { readonly file: string; readonly size: number } | undefined;
}): string {
  const words = target.type.replaceAll('-', ' ').replace('gaussian', 'Gaussian').replace('nice', 'NICE flow');
  const type = words.charAt(0).toUpperCase() + words.slice(1);
  const stem = (file: string): string => (file.split(/[/\\]/).at(-1) ?? '').replace(/\..*$/, '');
  if (target.file !== undefined) return `${type}, ${stem(target.file)}`;
  const { train } = target;
  if (train !== undefined) return `${type}, ${stem(train.file)} at ${train.size} × ${train.size}`;
  return target.dim === undefined ? type : `${type}, ${target.dim}-D`;
}
