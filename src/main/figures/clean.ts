import { InputError } from '../../shared/errors';
import { parseXml, writeXml, XmlError, type XmlElement } from './xml';

/** What charts are made of. Scripts, foreign markup, style sheets, animations and references to other files are not among it. */
const elements = new Set([
  ...['svg', 'g', 'defs', 'title', 'desc', 'clipPath', 'mask', 'linearGradient', 'radialGradient', 'stop', 'pattern'],
  ...['path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon', 'text', 'tspan', 'image'],
]);
const attributes =
  /^(id|x|y|x1|y1|x2|y2|cx|cy|r|rx|ry|fx|fy|dx|dy|d|points|width|height|viewBox|preserveAspectRatio|transform|offset|href|xlink:href|xmlns|xmlns:xlink|version|role|opacity|color|visibility|display|overflow|dominant-baseline|alignment-baseline|text-anchor|letter-spacing|paint-order|vector-effect|fill(-\w+)?|stroke(-\w+)?|stop-\w+|clip(-\w+)?|mask|font(-\w+)?|gradient\w+|pattern\w+|spreadMethod|mask\w*Units|shape-rendering|text-rendering)$/;
const pictures = /^data:image\/(png|jpeg);base64,[A-Za-z0-9+/=\s]*$/;
const ownReference = /^#[\w:.-]+$/;

export interface CleanFigure {
  readonly svg: string;
  /** Height over width. */
  readonly aspect: number;
}

/** A figure that is more than this many times as high as wide is a mistake. */
const highest = 10;

/**
 * Checks that an SVG is a drawing and nothing else, and gives it a size.
 * @param width millimetres
 * @throws InputError naming what does not belong into a figure
 */
export function cleanFigure(svg: string, width: number): CleanFigure {
  try {
    const root = parseXml(svg.trim());
    if (root.name !== 'svg') throw new XmlError('it does not start with <svg>');
    const [boxWidth, boxHeight] = sizeOf(root);
    check(root);
    root.attributes.set('xmlns', 'http://www.w3.org/2000/svg');
    if (!root.attributes.has('viewBox')) root.attributes.set('viewBox', `0 0 ${boxWidth} ${boxHeight}`);
    root.attributes.set('width', `${round(width)}mm`);
    root.attributes.set('height', `${round((width * boxHeight) / boxWidth)}mm`);
    return { svg: writeXml(root), aspect: boxHeight / boxWidth };
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw new InputError(
      'figure',
      `this is no drawing that can be exported: ${error.message}`,
      'Reload the page and try again.',
      {
        cause: error,
      },
    );
  }
}

function sizeOf({ attributes: given }: XmlElement): [number, number] {
  const box = given
    .get('viewBox')
    ?.trim()
    .split(/[\s,]+/)
    .map(Number);
  const [width, height] =
    box?.length === 4
      ? [box[2] ?? 0, box[3] ?? 0]
      : [Number.parseFloat(given.get('width') ?? ''), Number.parseFloat(given.get('height') ?? '')];
  if (!(width > 0 && height > 0 && height <= highest * width && width <= 100 * height))
    throw new XmlError('it has no size that fits on paper');
  return [width, height];
}

/** Checks every element, and takes away attributes that say nothing about how it looks. */
function check(element: XmlElement): void {
  if (!elements.has(element.name)) throw new XmlError(`<${element.name}> does not belong into a figure`);
  for (const [name, value] of element.attributes) {
    if (name === 'style') {
      if (/url|@|\\|expression/i.test(value)) throw new XmlError('a style refers to something');
      continue;
    }
    if (!attributes.test(name)) {
      element.attributes.delete(name);
      continue;
    }
    if (name === 'href' || name === 'xlink:href') {
      const allowed = element.name === 'image' ? pictures : ownReference;
      if (!allowed.test(value)) throw new XmlError('it refers to another file');
    } else if (/url\s*\(/i.test(value) && !/^\s*url\(\s*["']?#[\w:.-]+["']?\s*\)\s*$/i.test(value)) {
      throw new XmlError('it refers to another file');
    }
  }
  for (const child of element.children) if (typeof child !== 'string') check(child);
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
