export { default as Figure } from './Figure.vue';
export { useChart } from './useChart';
