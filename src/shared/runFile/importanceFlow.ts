import { z } from 'zod';
import { deviceNames } from './devices';
import { activations } from './model';
import { learningRate } from './methods/common';

/** Beyond this the probability of an event leaves the range that weights in doubles stand for. */
const furthest = 35;

/** Of one array that a run keeps or computes with. */
const mostNumbers = 2 ** 25;

const dim = z.int().min(1).max(1000).default(2).describe('d: dimensions of x.');

const eventSchema = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('outside-ball'),
      dim,
      radius: z.number().positive().max(furthest).default(4).describe('c: the event is |x| ≥ c.'),
    })
    .describe('The outside of a ball around the origin.'),
  z
    .strictObject({
      type: z.literal('half-space'),
      dim,
      threshold: z.number().min(-furthest).max(furthest).default(4).describe('a: the event is x₁ > a.'),
    })
    .describe('One side of a plane.'),
]);
export type EventSpec = z.infer<typeof eventSchema>;

const edgeSchema = z.strictObject({
  edge: z.number().min(-furthest).max(furthest).describe('Radius or threshold of the event that a block aims at.'),
  sharpness: z.number().positive().max(1e4).describe('κ: how steep its sigmoid is.'),
});
export type EdgeSpec = z.infer<typeof edgeSchema>;

const widths = z.array(z.int().min(1).max(1024)).max(8);

export const importanceFlowSchema = z
  .strictObject({
    kind: z.literal('importance-flow'),
    name: z.string().max(200).optional().describe('What this run is called in tables.'),
    event: eventSchema.describe('The event whose probability under a standard normal is estimated.'),
    flow: z
      .strictObject({
        edges: z
          .array(edgeSchema)
          .min(1)
          .max(300)
          .optional()
          .describe('What each block aims at; steps of about 1 up to the event, ever steeper, when left out.'),
        refinement: z
          .int()
          .min(0)
          .max(100)
          .default(2)
          .describe('R: further blocks at the event itself, with a sharpness of at least 25.'),
        gamma: z.number().min(0).max(1e6).default(0.05).describe('Wasserstein coefficient of every block.'),
        net: z
          .strictObject({
            hidden: widths
              .default([32, 32])
              .describe('Widths of the hidden layers; 64 is better from ten dimensions on.'),
            activation: z.enum(['tanh', 'softplus20']).default('tanh').describe('After each hidden layer.'),
            timeInput: z.boolean().default(false).describe('Whether a velocity depends on the time within its block.'),
          })
          .prefault({})
          .describe('The velocity of a block.'),
        steps: z.int().min(1).max(100).default(3).describe('S: Runge–Kutta steps of a block while it is trained.'),
        iterations: z.int().min(1).max(1_000_000).default(150).describe('Updates of Adam for each block.'),
        batch: z.int().min(1).max(65_536).default(256).describe('Particles of an update.'),
        learningRate: learningRate.default(3e-3),
        clip: z.number().positive().max(1e9).default(1).describe('The norm that a gradient is scaled down to.'),
        particles: z
          .int()
          .min(2)
          .max(1_000_000)
          .default(5000)
          .describe('Drawn once from the normal and moved on by each block that is trained.'),
      })
      .prefault({})
      .describe('The annealing flow that draws in the event.'),
    ratio: z
      .strictObject({
        hidden: widths.default([64, 64]).describe('Widths of the hidden layers of each network.'),
        activation: z.enum(activations).default('softplus').describe('After each hidden layer.'),
        iterations: z.int().min(1).max(1_000_000).default(300).describe('Updates of Adam for each network.'),
        batch: z.int().min(1).max(65_536).default(256).describe('Draws before and after the block in an update.'),
        learningRate: learningRate.default(3e-3),
        draws: z
          .int()
          .min(2)
          .max(1_000_000)
          .default(5000)
          .describe('Fresh draws of the flow that the networks learn from.'),
      })
      .optional()
      .describe('Networks that estimate the density ratio block by block, for comparison. Their estimate is biased.'),
    evaluate: z
      .strictObject({
        samples: z
          .int()
          .min(2)
          .max(16_000_000)
          .default(20_000)
          .describe('Draws of the flow that the probability is estimated from, and as many of plain Monte Carlo.'),
        steps: z
          .int()
          .min(1)
          .max(200)
          .default(6)
          .describe('Runge–Kutta steps of a block there; more make the densities of the draws more exact.'),
      })
      .prefault({})
      .describe('How the probability is estimated once the flow is trained.'),
    precision: z
      .enum(['float32', 'float64'])
      .default('float32')
      .describe('Doubles where densities must be exact to the last digits; on the device "cpu" only.'),
    seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).describe('Fixes every random number of the run.'),
    device: z.enum(deviceNames).default('cpu').describe('Where to compute.'),
  })
  .refine(({ event, flow }) => event.dim * flow.particles <= mostNumbers, {
    path: ['flow', 'particles'],
    message: 'times the dimensions is more than 33,554,432 numbers',
    params: { fix: 'Use fewer particles.' },
  })
  .refine(({ event, flow }) => Math.max(event.dim, ...flow.net.hidden) * flow.batch <= mostNumbers, {
    path: ['flow', 'batch'],
    message: 'times the widest layer is more than 33,554,432 numbers',
    params: { fix: 'Use a smaller batch or narrower layers.' },
  })
  .refine(({ event, ratio }) => ratio === undefined || event.dim * ratio.draws <= mostNumbers, {
    path: ['ratio', 'draws'],
    message: 'times the dimensions is more than 33,554,432 numbers',
    params: { fix: 'Use fewer draws.' },
  })
  .refine(
    ({ event, ratio }) => ratio === undefined || Math.max(event.dim, ...ratio.hidden) * ratio.batch <= mostNumbers,
    {
      path: ['ratio', 'batch'],
      message: 'times the widest layer is more than 33,554,432 numbers',
      params: { fix: 'Use a smaller batch or narrower layers.' },
    },
  )
  .refine(({ event, evaluate }) => event.dim * evaluate.samples <= mostNumbers, {
    path: ['evaluate', 'samples'],
    message: 'times the dimensions is more than 33,554,432 numbers',
    params: { fix: 'Use fewer samples.' },
  });
export type ImportanceFlowSpec = z.infer<typeof importanceFlowSchema>;

/** The radius or threshold of an event. */
export function edgeOf(event: EventSpec): number {
  return event.type === 'outside-ball' ? event.radius : event.threshold;
}

/** "|x| ≥ 4", "x₁ > 4" */
export function eventText(event: EventSpec): string {
  return event.type === 'outside-ball' ? `|x| ≥ ${event.radius}` : `x₁ > ${event.threshold}`;
}

/** Sharpness at which smoothed events end, unless a run file says otherwise. */
const sharp = 25;

/**
 * What every block aims at: edges that move out to that of the event in steps of at most 1 and become steep, 5, 10, 15, …, 25, then
 * refinement at the event itself. Beyond which radius most of a normal lies already needs no blocks.
 */
export function importanceEdges({ event, flow }: Pick<ImportanceFlowSpec, 'event' | 'flow'>): EdgeSpec[] {
  const listed = flow.edges ?? moving(event);
  const last = listed.at(-1);
  const refined = { edge: edgeOf(event), sharpness: Math.max(sharp, last?.sharpness ?? sharp) };
  return [...listed, ...new Array<EdgeSpec>(flow.refinement).fill(refined)];
}

function moving(event: EventSpec): EdgeSpec[] {
  const end = edgeOf(event);
  const start = event.type === 'outside-ball' ? Math.max(0, Math.floor(Math.sqrt(event.dim) - 2)) : 0;
  const count = Math.max(1, Math.ceil(end - start));
  return Array.from({ length: count }, (_, k) => ({
    edge: start + ((end - start) * (k + 1)) / count,
    sharpness: Math.min(sharp, 5 * (k + 1)),
  }));
}
