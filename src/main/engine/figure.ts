import type { Parsed, Returns } from '../../shared/rpc/methods';
import type { EngineContext } from './context';

const mimes = { svg: 'image/svg+xml', pdf: 'application/pdf', png: 'image/png' } as const;

/** Draws a figure in another process, since its SVG is a page's word. */
export async function exportFigure(
  { drawing }: EngineContext,
  { svg, format, width, name }: Parsed<'export.figure'>,
  signal: AbortSignal,
): Promise<Returns<'export.figure'>> {
  const bytes = await drawing.run('figure', { svg, format, width, title: name }, { signal });
  const base64 = Buffer.from(bytes).toString('base64');
  return { base64, mime: mimes[format], name: `${fileName(name)}.${format}` };
}

/** A name that is one file on every system. */
function fileName(name: string): string {
  const plain = name
    .replace(/[^\p{L}\p{N}._ -]+/gu, '-')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, 100);
  return plain === '' ? 'figure' : plain;
}
