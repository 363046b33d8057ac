import { useDebounceFn } from '@vueuse/core';
import { ref, watch, type Ref } from 'vue';
import { useRoute, useRouter } from 'vue-router';

/** What is typed as a filter, kept in the address so that the way back finds it again. The address follows; typing never waits for it. */
export function useFilterQuery(): Ref<string> {
  const route = useRoute();
  const router = useRouter();
  const inAddress = (): string => (typeof route.query['q'] === 'string' ? route.query['q'] : '');
  const query = ref(inAddress());
  let written = query.value;

  const write = useDebounceFn(() => {
    if (route.name !== 'runs' || query.value === inAddress()) return;
    written = query.value;
    void router.replace({ query: query.value === '' ? {} : { q: query.value } });
  }, 200);

  watch(query, () => void write());
  watch(inAddress, (now) => {
    if (route.name === 'runs' && now !== written) query.value = now;
    written = now;
  });
  return query;
}
