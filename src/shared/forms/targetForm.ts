import { methodLabel } from '../labels';
import { targetRunSchema, type DeviceName, type MethodSpec } from '../runFile';
import { formOf } from './fromSchema';
import type { Draft } from './newRun';
import type { Alternative, FormField, FormNode, GroupNode, UnionNode } from './node';

/** What fields of targets and methods are called where a run of a model means something else by the same key. */
const labels: Readonly<Record<string, string>> = {
  dim: 'Dimension',
  components: 'Components',
  reading: 'Means are drawn from',
  means: 'Means',
  stds: 'Standard deviations',
  weights: 'Weights',
  sigma: 'Standard deviation σ',
  mean: 'Mean',
  correlation: 'Correlation',
  covariance: 'Covariance',
  scale: 'Scale',
  degrees: 'Degrees of freedom',
  lengthScale: 'Length scale ρ',
  noise: 'Noise',
  data: 'Data',
  grid: 'Grid points',
  label: 'Column of the label',
  positive: 'Class 1',
  exclude: 'Columns to leave out',
  missing: 'Missing cells',
  scaling: 'Features',
  priorStd: 'Standard deviation of the prior',
  width: 'Width of hidden layers',
  layers: 'Hidden layers',
  couplings: 'Coupling layers',
  modes: 'Modes',
  radius: 'Radius',
  height: 'Further coordinates',
  shift: 'Centre',
  corners: 'Coordinates of the cube',
  halfWidth: 'Half width',
  folded: 'Folded coordinates',
  distance: 'Distance of modes from 0',
  variances: 'Variances',
  odds: 'Odds of the positive side',
  barrier: 'Barrier b',
  tilt: 'Tilt t',
  edge: 'Edge',
  sharpness: 'Sharpness κ',
  margin: 'Margin',
  precision: 'Precision',
  rate: 'Rate',
  split: 'Keep rows back',
  train: 'Share to fit',
  steps: 'Transitions K',
  particles: 'Particles N',
  samples: 'Draws',
  batch: 'Estimates averaged',
  schedule: 'Inverse temperatures',
  stepSize: 'Step size δ',
  stepSizes: 'Form of the step sizes',
  maximum: 'Largest step size',
  learnStepSizes: 'Train step sizes',
  mass: 'Mass matrix',
  refreshment: 'Refreshment η',
  learnRefreshment: 'Train η',
  objective: 'Particles together',
  integrator: 'Leapfrog',
  backwardMean: 'Backward mean',
  score: 'Score network',
  blocks: 'Blocks',
  residual: 'Residual connections',
  embedding: 'Time embedding',
  start: 'Starting normal',
  learnStart: 'Train the start',
  clip: 'Clip gradients at',
  average: 'Averaged at the end',
  warmUp: 'Warm-up',
  acceptance: 'Target acceptance',
};

/** What annealed paths call by keys that others use otherwise. */
const ofPaths = {
  batch: 'Paths averaged',
  refreshment: 'Refreshment h',
  learnRefreshment: 'Train h',
  train: 'What is trained',
  transitions: 'Transitions looked at',
  width: 'Width',
};

/** Further still, for one method or target alone. */
const ofType: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  msc: { samples: 'Candidates S', chains: 'Chains' },
  hmc: { iterations: 'Kept transitions', chains: 'Chains' },
  'parallel-tempering': {
    ...{ temperatures: 'Temperatures M', replicas: 'Replicas', iterations: 'Kept sweeps', warmUp: 'Warm-up' },
    ladder: 'Ladder',
  },
  svgd: { stepSize: 'Step size', bandwidth: 'Bandwidth h', decay: 'Decay' },
  ais: { steps: 'Steps K', stepSize: 'Step size ε', reverse: 'Upper bound by exact samples' },
  smc: {
    ...{ steps: 'Steps K', stepSize: 'Step size ε', moves: 'Transitions at each step' },
    threshold: 'Resample below',
  },
  'annealing-flow': {
    ...{ flow: 'Kept flow', blocks: 'Blocks K', betas: 'Their inverse temperatures' },
    ...{ refinement: 'Blocks of refinement R' },
    ...{ gamma: 'Wasserstein coefficient γ', baseScale: 'Scale of the base s₀', net: 'Velocity', ode: 'Integration' },
    ...{ hidden: 'Hidden layers', activation: 'Activation', timeInput: 'Depends on time', loss: 'Loss' },
    ...{ steps: 'Steps S', inverseSteps: 'Steps on the way back', rule: 'Rule', divergence: 'Divergence' },
    ...{ probeStep: 'Step of finite differences', iterations: 'Iterations of each block', batch: 'Minibatch' },
    ...{ correction: 'Sequential Monte Carlo', enabled: 'Correct the blocks', threshold: 'Resample below' },
    ...{ moves: 'Transitions after each block', stepSize: 'Step size ε', populations: 'Populations' },
  },
  ula: ofPaths,
  uha: ofPaths,
  'ula-mcd': ofPaths,
  'uha-mcd': ofPaths,
  'logistic-regression': { precision: 'Learned precision of the prior' },
  nice: {
    ...{
      file: 'Kept flow',
      train: 'Train it on images',
      'train.file': 'Images',
      dim: 'Dimension of a random flow',
      limit: 'Images at most',
    },
    ...{ size: 'Pixels a side', epochs: 'Epochs', batch: 'Images in a minibatch', l2: 'L2 penalty λ' },
    patience: 'Patience, epochs',
  },
};

/** Of targets; methods are called what they are called everywhere. */
const targetLabels: Readonly<Record<string, string>> = {
  'student-t': "Student's t",
  funnel: "Neal's funnel",
  bimodal: 'Two modes',
  seeds: 'Germinating seeds',
  nice: 'NICE flow',
  'circle-mixture': 'Gaussians on a circle',
  'cube-mixture': 'Gaussians at the corners of a cube',
  'crossed-mixture': 'Crossed bars',
  'exponentially-weighted-gaussian': 'Exponentially weighted Gaussian',
  'many-well': 'Many wells',
  'truncated-normal': 'Normal outside a ball',
};

/** What a kind of target begins with where its schema alone leaves open what it is, or begins with something dull. */
const starts: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'gaussian-mixture': { dim: 20, components: 8, reading: 'N(0, 9 I)' },
  gaussian: { dim: 20, mean: 10 },
  laplace: { dim: 20 },
  'student-t': { dim: 20 },
  nice: { dim: 49 },
  'circle-mixture': { modes: 6, radius: 8, weights: [0.3, 0.25, 0.2, 0.15, 0.07, 0.03] },
  'exponentially-weighted-gaussian': { dim: 5 },
  'many-well': { dim: 8 },
  'truncated-normal': { radius: 3 },
};

/** The form of a run of a target: that of its schema, called as targets and methods call things. */
export function targetForm(): GroupNode {
  return relabelled(formOf(targetRunSchema), labels) as GroupNode;
}

/** One part of it by its key. */
export function targetField(key: 'target' | 'methods'): FormField | undefined {
  return targetForm().fields.find((field) => field.key === key);
}

/** Every kind of method with its fields. */
export function methodAlternatives(): readonly { readonly type: MethodSpec['type']; readonly node: GroupNode }[] {
  const node = targetField('methods')?.node;
  if (node?.type !== 'list' || node.item.type !== 'union') return [];
  return node.item.alternatives.flatMap((alternative) => {
    const type = typeIn(alternative);
    return type === undefined || alternative.node.type !== 'group'
      ? []
      : [{ type: type as MethodSpec['type'], node: alternative.node }];
  });
}

function relabelled(node: FormNode, own: Readonly<Record<string, string>>): FormNode {
  switch (node.type) {
    case 'group':
      return { ...node, fields: node.fields.map((field) => named(field, own)) };
    case 'list':
      return { ...node, item: relabelled(node.item, own) };
    case 'union':
      return { ...node, alternatives: node.alternatives.map((each) => alternative(each, node, own)) };
    default:
      return node;
  }
}

function named({ key, label, optional, node }: FormField, own: Readonly<Record<string, string>>): FormField {
  // Units of the same keys elsewhere say nothing here.
  return { key, label: own[key] ?? label, optional, node: relabelled(node, inside(key, own)) };
}

/** With the labels that stand for fields of this group alone: "train.file". */
function inside(key: string, own: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const start = `${key}.`;
  const further = Object.entries(own).filter(([path]) => path.startsWith(start));
  return further.length === 0
    ? own
    : { ...own, ...Object.fromEntries(further.map(([path, text]) => [path.slice(start.length), text])) };
}

function alternative(each: Alternative, union: UnionNode, own: Readonly<Record<string, string>>): Alternative {
  const type = typeIn(each);
  const called = type === undefined ? undefined : (targetLabels[type] ?? methodNameOf(type));
  // A column is named, or counted.
  const texts = union.alternatives.some(({ node }) => node.type === 'text');
  const column = !texts ? undefined : each.node.type === 'text' ? 'By name' : 'By number';
  const further = type === undefined ? undefined : ofType[type];
  const node = relabelled(each.node, further === undefined ? own : { ...own, ...further });
  const start = type === undefined ? undefined : starts[type];
  return {
    label: called ?? column ?? each.label,
    node: start === undefined ? node : { ...node, fallback: { type, ...start } },
  };
}

/** Nothing for a type that is no method's: "dais" → "DAIS". */
function methodNameOf(type: string): string | undefined {
  const label = methodLabel(type);
  return label === type ? undefined : label;
}

function typeIn({ node }: Alternative): string | undefined {
  if (node.type !== 'group') return undefined;
  const constant = node.fields.find(({ key }) => key === 'type')?.node;
  return constant?.type === 'constant' ? String(constant.value) : undefined;
}

/** A run of a target to begin with: two modes in a plane, which VI, IWVI, DAIS and MSC disagree on, in well under a minute. */
export function targetBeginning(device: DeviceName): Draft {
  const start = { mean: 0.5, std: 1 };
  return {
    kind: 'target',
    target: { type: 'bimodal', dim: 2, sigma: 0.25 },
    methods: [
      { type: 'vi', start },
      { type: 'iwvi', start },
      { type: 'dais', steps: 16, particles: 4, start },
      { type: 'msc', iterations: 5000 },
    ],
    evaluate: { samples: 8192 },
    seed: 0,
    ...(device === 'cpu' ? {} : { device }),
  };
}
