import type { Plugin } from 'vite';

export function watPlugin(): Plugin;
