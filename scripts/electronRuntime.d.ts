export function electronRuntime(): string | undefined;
export function hasScreen(env?: Readonly<Record<string, string | undefined>>, platform?: NodeJS.Platform): boolean;
export function fetchElectronRuntime():
  { readonly path: string; readonly reason?: undefined } | { readonly path?: undefined; readonly reason: string };
