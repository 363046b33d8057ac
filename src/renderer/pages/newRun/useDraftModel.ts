import { computed, type ComputedRef } from 'vue';
import { isRecord } from '../../../shared/forms';
import { fileName } from '../../../shared/forms';
import type { ModelEntry } from '../../../shared/library';
import { useModels } from '../../stores/models';
import { useDraft } from '../../stores/draft';

/** The model of the draft: the path it names, and its entry in the library where it is one of those. */
export function useDraftModel(): {
  checkpoint: ComputedRef<string>;
  entry: ComputedRef<ModelEntry | null>;
  name: ComputedRef<string>;
} {
  const draft = useDraft();
  const models = useModels();
  models.ensure();
  const checkpoint = computed(() => {
    const model = draft.spec['model'];
    return isRecord(model) && typeof model['checkpoint'] === 'string' ? model['checkpoint'] : '';
  });
  const entry = computed(() => models.list.find(({ path }) => path === checkpoint.value) ?? null);
  const name = computed(() => entry.value?.name ?? fileName(checkpoint.value));
  return { checkpoint, entry, name };
}
