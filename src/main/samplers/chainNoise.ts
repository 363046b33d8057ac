import { blockSize, fillNormals, fillUniforms, type Block, type Stream } from '../tensor/random/streams';

/** Where a batch's random numbers come from and which chains and data it holds. */
export interface ChainNoise {
  readonly seed: number;
  readonly momentum: Stream;
  readonly accept: Stream;
  readonly firstChain: number;
  readonly chains: number;
  readonly firstDatum: number;
  readonly data: number;
}

interface Drawn {
  readonly momentum: Float32Array;
  readonly logUniform: Float32Array;
  readonly stepSize: Float32Array;
}

/** Draws the noise of one transition into buffers that are reused; of other chains than the first ones, where `chain` says so. */
export function noiseOf(
  noise: ChainNoise,
  latent: number,
  jitter: number,
): (step: number, stepSize: number, chain?: number) => Drawn {
  const { seed, firstChain, chains, firstDatum, data } = noise;
  const place = { seed, firstChain, chains, firstDatum, data };
  const normals: Block = { ...place, stream: noise.momentum, step: 0, width: latent };
  const uniforms: Block = { ...place, stream: noise.accept, step: 0, width: 2 };
  const momentum = new Float32Array(blockSize(normals));
  const pairs = new Float64Array(blockSize(uniforms));
  const rows = chains * data;
  const logUniform = new Float32Array(rows);
  const stepSizes = new Float32Array(rows);
  return (step, stepSize, chain = firstChain) => {
    fillNormals(momentum, { ...normals, step, firstChain: chain });
    fillUniforms(pairs, { ...uniforms, step, firstChain: chain });
    for (let row = 0; row < rows; row += 1) {
      logUniform[row] = Math.log(pairs[2 * row] ?? 1);
      stepSizes[row] = stepSize * (1 + jitter * (2 * (pairs[2 * row + 1] ?? 0.5) - 1));
    }
    return { momentum, logUniform, stepSize: stepSizes };
  };
}
