import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router';

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown in the bar until the page says something better with `usePageTitle`. */
    readonly title: string;
    /** Which place of the rail it belongs to. */
    readonly place: 'runs' | 'models' | 'data' | 'recipes' | 'settings';
  }
}

const routes: readonly RouteRecordRaw[] = [
  { path: '/', redirect: '/runs' },
  {
    path: '/runs',
    name: 'runs',
    component: () => import('./pages/runs/RunsPage.vue'),
    meta: { title: 'Runs', place: 'runs' },
  },
  {
    path: '/runs/new',
    name: 'new-run',
    component: () => import('./pages/newRun/NewRunPage.vue'),
    meta: { title: 'New run', place: 'runs' },
  },
  {
    path: '/runs/:id',
    name: 'run',
    props: true,
    component: () => import('./pages/run/RunPage.vue'),
    meta: { title: 'Run', place: 'runs' },
  },
  {
    path: '/compare',
    name: 'compare',
    component: () => import('./pages/compare/ComparePage.vue'),
    meta: { title: 'Compare', place: 'runs' },
  },
  {
    path: '/models',
    name: 'models',
    component: () => import('./pages/models/ModelsPage.vue'),
    meta: { title: 'Models', place: 'models' },
  },
  {
    path: '/models/:sha256',
    name: 'model',
    props: true,
    component: () => import('./pages/models/ModelPage.vue'),
    meta: { title: 'Model', place: 'models' },
  },
  {
    path: '/data',
    name: 'data',
    component: () => import('./pages/data/DataPage.vue'),
    meta: { title: 'Data', place: 'data' },
  },
  {
    path: '/data/:sha256',
    name: 'dataset',
    props: true,
    component: () => import('./pages/data/DatasetPage.vue'),
    meta: { title: 'Data set', place: 'data' },
  },
  {
    path: '/recipes',
    name: 'recipes',
    component: () => import('./pages/recipes/RecipesPage.vue'),
    meta: { title: 'Recipes', place: 'recipes' },
  },
  {
    path: '/settings',
    name: 'settings',
    component: () => import('./pages/settings/SettingsPage.vue'),
    meta: { title: 'Settings', place: 'settings' },
  },
  {
    path: '/:rest(.*)*',
    name: 'nowhere',
    component: () => import('./pages/NowherePage.vue'),
    meta: { title: 'Not found', place: 'runs' },
  },
];

/** The address lies behind the hash: the same in a browser tab and behind Electron's own protocol, whatever serves the files. */
export const router = createRouter({ history: createWebHashHistory(), routes: [...routes] });
