import { descendStein, type SvgdSnapshot } from '../../samplers/svgd';
import { curveSeries } from '../learned';
import { gradientUnits } from '../meter';
import { sampled, samplerContext } from './sampled';
import type { Kind, MethodKind, Work } from './types';

const work = ({ particles, iterations }: Kind<'svgd'>): Work => ({
  perStep: gradientUnits * particles,
  steps: iterations,
});

/** Stein variational gradient descent: particles, and nothing about log Z. */
export const svgd: MethodKind<'svgd'> = {
  work,
  run: async function* (method, parts) {
    const { name, particles, iterations, start: base, stepSize } = method;
    const { dim } = parts.target;
    const { result, curve } = yield* sampled({
      ...{ name, stage: 'moving', iterations, units: work(method).perStep, parts },
      ...{ gathered: null, take: () => undefined },
      start: (resume: SvgdSnapshot | undefined) =>
        descendStein(samplerContext(name, 'particles', parts), { ...method, base }, resume),
    });
    const { points, broken, diverged, bandwidth, steps, gradientEvaluations } = result;
    const mean = new Float64Array(dim);
    points.forEach((value, at) => (mean[at % dim] = (mean[at % dim] ?? NaN) + value / particles));
    const variance = new Float64Array(dim);
    points.forEach((value, at) => {
      const k = at % dim;
      variance[k] = (variance[k] ?? NaN) + (value - (mean[k] ?? NaN)) ** 2 / particles;
    });
    const advice = `Use a "stepSize" below ${stepSize}, or a "start" where the density is finite.`;
    return {
      name,
      bounds: [],
      approximations: [],
      metrics: {
        [name]: { mean: [...mean], std: [...variance].map(Math.sqrt), bandwidth, steps, gradientEvaluations },
      },
      samples: [{ method: name, values: points }],
      draws: [{ method: name, values: points }],
      series: curveSeries(name, curve),
      warnings: [
        ...(diverged
          ? [
              `${name}: it diverged. In its last steps up to step ${steps.toLocaleString('en')} some particles had gradients that are no numbers. ${advice}`,
            ]
          : broken > 0
            ? [
                `${name}: in ${broken.toLocaleString('en')} steps some particles had gradients that are no numbers. ${advice}`,
              ]
            : []),
      ],
      gradientEvaluations,
    };
  },
};
