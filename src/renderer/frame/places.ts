import type { IconName } from '../components';

/** The five places of the rail, in order; G and then the key leads there too. */
export const places = [
  { place: 'runs', to: '/runs', label: 'Runs', icon: 'runs', key: 'R' },
  { place: 'models', to: '/models', label: 'Models', icon: 'models', key: 'M' },
  { place: 'data', to: '/data', label: 'Data', icon: 'data', key: 'D' },
  { place: 'recipes', to: '/recipes', label: 'Recipes', icon: 'recipes', key: 'C' },
  { place: 'settings', to: '/settings', label: 'Settings', icon: 'settings', key: 'S' },
] as const satisfies readonly { place: string; to: string; label: string; icon: IconName; key: string }[];
