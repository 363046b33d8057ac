import { isAbsolute, join } from 'node:path';
import { InputError } from '../../../shared/errors';
import { formatCount } from '../../../shared/format';
import { recordCurve } from '../../trainers/curve';
import { readAnnealingFlow } from '../../trainers/flow/keep';
import type { TrainedAnnealingFlow } from '../../trainers/flow/train';
import type { Kind } from './types';

type Method = Kind<'annealing-flow'>;

/** Coordinates of all particles of a flow. */
const mostNumbers = 2 ** 27;

/**
 * Refuses a flow whose particles do not fit in memory, and a file that is no flow for this target: before another method takes its time.
 * @param dim d of the target
 * @throws InputError
 */
export async function admitFlow(method: Method, dim: number, directory: string): Promise<void> {
  const { name, particles } = method;
  await readGiven(method, dim, directory);
  if (method.flow === undefined && particles * dim > mostNumbers) {
    throw new InputError(
      `methods.${name}.particles`,
      `are ${formatCount(particles)} of ${formatCount(dim)} numbers, which do not fit in memory`,
      'Use fewer particles.',
    );
  }
}

/**
 * A method as its run file has it, or with the settings of the flow that it names and that flow.
 * @param dim d of the target
 * @param directory where relative paths start
 * @throws InputError if the file cannot be read, is no flow, or one of another dimension
 */
export async function readGiven(
  method: Method,
  dim: number,
  directory: string,
): Promise<{ readonly method: Method; readonly flow?: TrainedAnnealingFlow }> {
  const { flow: file, name } = method;
  if (file === undefined) return { method };
  const { network, rule, blocks, steps, scale, betas, gammas } = await readAnnealingFlow(
    isAbsolute(file) ? file : join(directory, file),
  );
  if (network.dim !== dim) {
    throw new InputError(
      `methods.${name}.flow`,
      `is a flow in ${network.dim} dimensions, and the target has ${dim}`,
      'Use the target that it was trained for.',
    );
  }
  const { hidden, activation, timeInput } = network;
  return {
    method: {
      ...{ ...method, betas: [...betas], refinement: 0, baseScale: scale },
      ...(gammas === undefined ? {} : { gamma: [...gammas] }),
      net: { hidden: [...hidden], activation, timeInput },
      ode: { ...method.ode, steps, rule },
    },
    flow: {
      ...{ network, rule, blocks, curve: recordCurve(0).curve },
      ...{ iterations: 0, dropped: 0, gradientEvaluations: 0 },
    },
  };
}
