import { buildModel, type GenerativeModel } from '../../src/main/models';
import type { Checkpoint, NamedTensor } from '../../src/main/checkpoints';
import type { Layer, LikelihoodSpec } from '../../src/shared/runFile';
import type { LinearModel } from './linearModel';
import { random } from './random';

/** Names to shape and data; data left out are filled with reproducible normals. */
export type Tensors = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly data?: readonly number[] }>
>;

export function namedTensors(tensors: Tensors): NamedTensor[] {
  return Object.entries(tensors).map(([name, { shape, data }], index) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const values =
      data ??
      random(index + 1)
        .normals(size)
        .map((value) => value / 2);
    return { name, shape, dtype: 'float32', data: Float32Array.from(values) };
  });
}

/** A checkpoint as if it had been read from a file. */
export function checkpointOf(tensors: Tensors, metadata: Readonly<Record<string, string>> = {}): Checkpoint {
  return {
    path: 'model.pth',
    format: 'torch-zip',
    bytes: 0,
    sha256: '',
    source: 'the whole file',
    ignored: [],
    metadata: new Map(Object.entries(metadata)),
    tensors: new Map(namedTensors(tensors).map((tensor) => [tensor.name, tensor])),
  };
}

export function linearTensors({ weight, bias, outputs, latent }: LinearModel): Tensors {
  return {
    'fc.weight': { shape: [outputs, latent], data: weight.flat() },
    'fc.bias': { shape: [outputs], data: bias },
  };
}

export function linearSpec({ sigma }: LinearModel): { decoder: Layer[]; likelihood: LikelihoodSpec } {
  return { decoder: [{ linear: 'fc' }], likelihood: { type: 'gaussian', sigma } };
}

/** The model under test that has a linear model's weights. */
export function linearModel(model: LinearModel): GenerativeModel {
  return buildModel({ checkpoint: 'model.pth', ...linearSpec(model) }, checkpointOf(linearTensors(model)));
}
