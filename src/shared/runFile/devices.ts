/** Where runs compute. */
export const deviceNames = ['cpu', 'webgpu', 'cuda', 'tensorflow', 'reference'] as const;
export type DeviceName = (typeof deviceNames)[number];
