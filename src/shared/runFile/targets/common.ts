import { z } from 'zod';

/** Fields that several kinds of target share. */
export const dimension = z.int().min(1).max(100_000);
export const finite = z.number().min(-1e9).max(1e9);
export const targetSeed = z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(0);
