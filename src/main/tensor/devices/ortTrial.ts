import { createRequire } from 'node:module';
import { emptyGraph, type Graph } from '../onnx/graph';
import { serialise } from '../onnx/serialise';
import { trial, type Trial } from './trial';

const code = `
  const [entry, provider, model] = args;
  const ort = require(entry);
  const session = await ort.InferenceSession.create(Buffer.from(model, 'base64'), { executionProviders: [provider] });
  const { y } = await session.run({ x: new ort.Tensor('float32', [1, 2], [2]) });
  if (y.data[0] !== 2 || y.data[1] !== 4) throw new Error('It computes wrong numbers.');
  if (process.platform !== 'linux') return [];
  const maps = require('node:fs').readFileSync('/proc/self/maps', 'utf8');
  return [...new Set(maps.match(/lib(vulkan_|vk_swiftshader|GLX_nvidia|nvidia)[^/\\n]*\\.so/g))];
`;

/** The smallest graph that makes a provider start its device: y = x + x. */
export function trialGraph(): Graph {
  const graph = emptyGraph('trial');
  graph.inputs.push({ name: 'x', type: 'float32', shape: [2] });
  graph.nodes.push({ op: 'Add', inputs: ['x', 'x'], outputs: ['y'], attributes: {} });
  graph.outputs.push({ name: 'y', type: 'float32', shape: [2] });
  return graph;
}

/**
 * Compiles and runs that graph with a provider of ONNX Runtime, in a process of its own.
 * @returns a trial whose answer is the list of graphics drivers that the process loaded; empty where that cannot be told
 */
export function ortTrial(provider: 'webgpu' | 'cuda'): Promise<Trial> {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  return trial(code, [entry, provider, Buffer.from(serialise(trialGraph())).toString('base64')]);
}
