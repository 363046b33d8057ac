import type { ModelEntry } from '../../shared/library';
import { library } from './library';

/** The checkpoints that a person keeps, by the hash of their files. */
export const models = library<ModelEntry>('models', 'model');
