import { z } from 'zod';
import { annealedSamplingSchema } from './ais';
import { annealingFlowSchema } from './annealingFlow';
import { daisSchema } from './dais';
import { hmcSchema } from './hmc';
import { iwviSchema } from './iwvi';
import { uhaMcdSchema, uhaSchema, ulaMcdSchema, ulaSchema } from './mcd';
import { mscSchema } from './msc';
import { parallelTemperingSchema } from './parallelTempering';
import { smcSchema } from './smc';
import { svgdSchema } from './svgd';
import { viSchema } from './vi';

export type { AnnealedSamplingSpec } from './ais';
export type { AnnealingFlowSpec } from './annealingFlow';
export type { DaisSpec } from './dais';
export type { HmcSpec } from './hmc';
export type { IwviSpec } from './iwvi';
export type { PathSpec, UhaMcdSpec, UhaSpec, UlaMcdSpec, UlaSpec } from './mcd';
export type { MscSpec } from './msc';
export type { ParallelTemperingSpec } from './parallelTempering';
export type { SmcSpec } from './smc';
export type { SvgdSpec } from './svgd';
export type { ViSpec } from './vi';

/** Ways to fit, to sample or to integrate a target, each with what it needs to be told. */
export const methodSchema = z.discriminatedUnion('type', [
  daisSchema,
  viSchema,
  iwviSchema,
  mscSchema,
  hmcSchema,
  annealedSamplingSchema,
  smcSchema,
  parallelTemperingSchema,
  svgdSchema,
  ulaSchema,
  uhaSchema,
  ulaMcdSchema,
  uhaMcdSchema,
  annealingFlowSchema,
]);
export type MethodSpec = z.infer<typeof methodSchema>;
export type MethodType = MethodSpec['type'];
