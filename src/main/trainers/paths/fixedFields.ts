import { compileFields, type FieldOptions } from '../dais/fields';
import { floatsOf } from './floats';
import type { Floats, PathFields } from './types';

/** Fields of a target that stays as it is: nothing of it is trained. */
export async function openFixedFields(options: FieldOptions): Promise<PathFields> {
  const { rows, target, precision, gradients } = options;
  const fields = await compileFields(options);
  return {
    rows,
    dim: target.dim,
    make: floatsOf(precision),
    force: async (z, force) => {
      await fields.force.run({ z }, { force });
    },
    curvature: async (z, direction, curvature) => {
      if (fields.curvature === undefined) throw new Error('The fields were opened without gradients.');
      await fields.curvature.run({ z, direction }, { curvature });
    },
    end: async (z, value: Floats, force?: Floats) => {
      if (force === undefined) {
        await fields.end.run({ z }, { value });
      } else if (gradients) {
        await fields.end.run({ z }, { value, force });
      } else {
        // Without gradients the program of the end gives the value alone.
        await fields.end.run({ z }, { value });
        await fields.force.run({ z }, { force });
      }
    },
    dispose: () => fields.dispose(),
  };
}
