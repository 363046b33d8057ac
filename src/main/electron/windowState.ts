import { z } from 'zod';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const windowStateSchema = z.object({
  x: z.number().int().optional(),
  y: z.number().int().optional(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

export const smallest = { width: 800, height: 560 };
const usual: WindowState = { width: 1280, height: 800, maximized: false };
/** So much of the title bar must be on a screen that it can be taken hold of. */
const grip = 80;

/** @param text what was remembered; anything odd means the usual size */
export function parseWindowState(text: string | undefined): WindowState {
  try {
    return windowStateSchema.parse(JSON.parse(text ?? ''));
  } catch {
    return usual;
  }
}

/** Fits a remembered window onto the screens that are there now: one may have been unplugged. */
export function fitWindow(state: WindowState, screens: readonly Rectangle[]): WindowState {
  const { x, y } = state;
  const home =
    x === undefined || y === undefined
      ? undefined
      : screens.find(
          (screen) =>
            x + state.width >= screen.x + grip &&
            x <= screen.x + screen.width - grip &&
            y >= screen.y &&
            y <= screen.y + screen.height - grip,
        );
  const space = home ?? screens[0] ?? { x: 0, y: 0, ...usual };
  const size = {
    width: Math.max(smallest.width, Math.min(state.width, space.width)),
    height: Math.max(smallest.height, Math.min(state.height, space.height)),
  };
  // Without a place the system centres it.
  return home === undefined || x === undefined || y === undefined
    ? { ...size, maximized: state.maximized }
    : { ...size, x, y, maximized: state.maximized };
}
