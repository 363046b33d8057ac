import { formatCount, formatPlural } from './format';
import { blocksText, estimatorLabel, methodLabel } from './labels';
import {
  importanceEdges,
  isChainBound,
  type Component,
  type FlowComponent,
  type MethodSpec,
  type NiceComponent,
  type VaeComponent,
} from './runFile';

const objectives: Readonly<Record<string, string>> = {
  'forward-kl': 'KL(p ‖ q) on simulated pairs',
  'reverse-kl': 'KL(q ‖ p)',
  'symmetric-kl': 'both KLs',
  iwae: 'the IWAE bound',
  infonce: 'InfoNCE',
  giwae: 'GIWAE',
  'mine-dv': 'MINE-DV',
  'mine-f': 'MINE-F',
  'mine-ais': 'MINE-AIS',
};

/** What a proposal or critic of a run file is, in a few words: "critic on q, 2000-2000 relu, trained for GIWAE, K = 100". */
export function componentText(component: Component): string {
  if (component.type === 'vae') return vaeText(component);
  if ('spec' in component) return flowText(component);
  if ('target' in component) return niceText(component);
  if (!('activation' in component || 'file' in component || component.type === 'encoder')) return methodText(component);
  const what =
    'base' in component ? `critic on ${component.base === 'prior' ? 'the prior' : component.base}` : 'proposal';
  if (component.type === 'encoder')
    return `${what}, the encoder of ${component.checkpoint ?? 'the model’s checkpoint'}`;
  if (component.type === 'saved') return `${what}, kept in ${component.file}`;
  const { hidden, activation, objective, samples } = component;
  const network = hidden.length === 0 ? 'linear' : `${hidden.join('-')} ${activation}`;
  const counted = objective === 'infonce' || objective === 'giwae' || objective === 'iwae';
  return `${what}, ${network}, trained for ${objectives[objective] ?? objective}${counted ? `, K = ${formatCount(samples)}` : ''}`;
}

/** "VAE, 200-200 tanh, 10 latent, trained for UHA-MCD, K = 16". */
function vaeText({ bound, model }: VaeComponent): string {
  const widths = (hidden: readonly number[]): string => (hidden.length === 0 ? 'linear' : hidden.join('-'));
  const [encoder, decoder] = [widths(model.encoder), widths(model.decoder)];
  const parts = [
    encoder === decoder ? `${encoder} ${model.activation}` : `${encoder} and ${decoder} ${model.activation}`,
    `${formatCount(model.latent)} latent`,
    `trained for ${estimatorLabel(bound.type)}`,
    ...(bound.type === 'iwae' ? [`K = ${formatCount(bound.samples)}`] : []),
    ...(isChainBound(bound) ? [`K = ${formatCount(bound.steps)}`] : []),
    ...(isChainBound(bound) && bound.particles > 1 ? [`N = ${formatCount(bound.particles)}`] : []),
  ];
  return ['VAE', ...parts].join(', ');
}

/** "Annealing flow, 6 blocks, 32-32 tanh" or "6 networks, 64-64 softplus, density ratio of each block". */
function flowText({ type, spec }: FlowComponent): string {
  const blocks = importanceEdges(spec).length;
  const { hidden, activation } = type === 'importance-flow' ? spec.flow.net : (spec.ratio ?? spec.flow.net);
  const network = hidden.length === 0 ? 'linear' : `${hidden.join('-')} ${activation}`;
  if (type === 'importance-flow') return `annealing flow, ${formatPlural(blocks, 'block', 'blocks')}, ${network}`;
  return `${formatPlural(blocks, 'network', 'networks')}, ${network}, density ratio of each block`;
}

/** "the target, a NICE flow of 7 × 7 pixels, 4 coupling layers, 200-200-200-200 relu". */
function niceText({ target: { train, width, layers, couplings } }: NiceComponent): string {
  const pixels = train === undefined ? '' : ` of ${train.size} × ${train.size} pixels`;
  const network = new Array<number>(layers).fill(width).join('-');
  return `the target, a NICE flow${pixels}, ${formatPlural(couplings, 'coupling layer', 'coupling layers')}, ${network} relu`;
}

/** What a method of a target is told, in a few words: "DAIS, K = 16, N = 16". */
function methodText(method: MethodSpec): string {
  const parts = [
    ...(method.type === 'annealing-flow' ? [blocksText(method)] : []),
    ...('steps' in method ? [`K = ${formatCount(method.steps)}`] : []),
    ...('particles' in method ? [`N = ${formatCount(method.particles)}`] : []),
    ...('samples' in method ? [`S = ${formatCount(method.samples)}`] : []),
    ...(method.type === 'parallel-tempering'
      ? [`M = ${formatCount(method.temperatures)}, ${formatCount(method.replicas)} replicas`]
      : []),
    ...(method.type === 'hmc' ? [`${formatCount(method.chains)} chains, L = ${formatCount(method.leapfrog)}`] : []),
  ];
  return [methodLabel(method.type), ...parts].join(', ');
}
