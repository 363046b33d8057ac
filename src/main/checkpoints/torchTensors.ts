import { materialiser } from './materialise';
import type { PickleValue, StorageRef } from './pickleValues';
import { findStateDict } from './stateDict';
import type { CheckpointContent, NamedTensor } from './types';
import { tensorIn } from './where';

/**
 * What both formats of torch.save have in common once the pickle is read: choose the state dict, read its storages only.
 * @param load the raw little-endian bytes of a whole storage
 * @param fileBytes the size of the file
 * @throws InputError if there is no state dict, or a tensor of it does not fit its storage
 */
export function torchTensors(
  root: PickleValue,
  where: string,
  load: (storage: StorageRef) => Uint8Array,
  fileBytes: number,
): CheckpointContent {
  const { tensors: references, ...rest } = findStateDict(root, where);
  const materialise = materialiser(load, fileBytes);
  const tensors = new Map<string, NamedTensor>();
  for (const [name, reference] of references) tensors.set(name, materialise(name, reference, tensorIn(where, name)));
  return { ...rest, tensors };
}
