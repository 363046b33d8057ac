import { z } from 'zod';
import { daisSchema } from './dais';
import { hmcSchema } from './hmc';
import { iwviSchema } from './iwvi';
import { mscSchema } from './msc';
import { viSchema } from './vi';

export type { DaisSpec } from './dais';
export type { HmcSpec } from './hmc';
export type { IwviSpec } from './iwvi';
export type { MscSpec } from './msc';
export type { ViSpec } from './vi';

/** Ways to fit, to sample or to integrate a target, each with what it needs to be told. */
export const methodSchema = z.discriminatedUnion('type', [daisSchema, viSchema, iwviSchema, mscSchema, hmcSchema]);
export type MethodSpec = z.infer<typeof methodSchema>;
export type MethodType = MethodSpec['type'];
