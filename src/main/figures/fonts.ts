import { createRequire } from 'node:module';
import { RunError } from '../../shared/errors';

const styles = {
  regular: '400Regular/Arimo_400Regular.ttf',
  italic: '400Regular_Italic/Arimo_400Regular_Italic.ttf',
  bold: '700Bold/Arimo_700Bold.ttf',
  boldItalic: '700Bold_Italic/Arimo_700Bold_Italic.ttf',
} as const;
export type FontStyle = keyof typeof styles;

export const fontFamily = 'Arimo';

/**
 * The files of the font that figures are set in. Its letters are as wide as those of Helvetica and Arial, for which charts are laid
 * out, it has the signs that papers need, and it comes with the program, so that a figure looks the same from every machine.
 */
export function fontFile(style: FontStyle): string {
  try {
    return createRequire(import.meta.url).resolve(`@expo-google-fonts/arimo/${styles[style]}`);
  } catch (error) {
    throw new RunError('The font of figures is missing from this installation. Run "npm ci" in its folder.', {
      cause: error,
    });
  }
}

export function fontFiles(): string[] {
  return (Object.keys(styles) as FontStyle[]).map(fontFile);
}

/** Whatever a figure asks for is set in the one font, in the style that comes nearest. */
export function styleOf(bold: boolean, italic: boolean): FontStyle {
  if (bold) return italic ? 'boldItalic' : 'bold';
  return italic ? 'italic' : 'regular';
}
