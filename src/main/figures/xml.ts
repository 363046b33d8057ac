/** An element of a parsed drawing; children that are strings are text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly children: (XmlElement | string)[];
}

/** Why a text is no drawing. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

const mostElements = 400_000;
const deepest = 100;

const tag = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[A-Za-z_:][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const attribute = /([A-Za-z_:][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/**
 * Reads the plain XML that charts are written in. What XML has beside that, document types, entities of one's own, processing
 * instructions, is refused: it is where XML becomes dangerous, and no chart has it.
 * @throws XmlError
 */
export function parseXml(text: string): XmlElement {
  const root: XmlElement = { name: '', attributes: new Map(), children: [] };
  const open: XmlElement[] = [root];
  let elements = 0;
  let at = text.startsWith('<?xml') ? text.indexOf('?>') + 2 : 0;
  while (at < text.length) {
    const parent = open[open.length - 1] as XmlElement;
    if (text[at] !== '<') {
      const end = text.indexOf('<', at);
      const piece = text.slice(at, end < 0 ? text.length : end);
      if (open.length > 1) parent.children.push(unescape(piece));
      else if (piece.trim() !== '') throw new XmlError('there is text outside of the drawing');
      at += piece.length;
    } else if (text.startsWith('<!--', at)) {
      const end = text.indexOf('-->', at);
      if (end < 0) throw new XmlError('a comment does not end');
      at = end + 3;
    } else {
      tag.lastIndex = at;
      const [whole, closing, name = '', given = '', empty] = tag.exec(text) ?? [];
      if (whole === undefined) throw new XmlError(`"${text.slice(at, at + 30)}" is not allowed`);
      at += whole.length;
      if (closing === '/') {
        if (open.length < 2 || parent.name !== name) throw new XmlError(`</${name}> closes nothing`);
        open.pop();
        continue;
      }
      const element: XmlElement = { name, attributes: attributesOf(given), children: [] };
      parent.children.push(element);
      if (++elements > mostElements) throw new XmlError(`it has more than ${mostElements} elements`);
      if (empty !== '/') open.push(element);
      if (open.length > deepest) throw new XmlError(`its elements are more than ${deepest} deep`);
    }
  }
  const [only, ...others] = root.children;
  if (open.length > 1 || typeof only !== 'object' || others.length > 0) throw new XmlError('it is not complete');
  return only;
}

export function writeXml({ name, attributes, children }: XmlElement): string {
  const given = [...attributes].map(([key, value]) => ` ${key}="${escape(value)}"`).join('');
  if (children.length === 0) return `<${name}${given}/>`;
  const inner = children.map((child) => (typeof child === 'string' ? escape(child) : writeXml(child))).join('');
  return `<${name}${given}>${inner}</${name}>`;
}

function attributesOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(attribute))
    found.set(name, unescape(double ?? single ?? ''));
  return found;
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w+);?/gi, (whole, code: string) => {
    if (!code.startsWith('#')) {
      const character = named[code];
      if (character === undefined) throw new XmlError(`${whole} is not known`);
      return character;
    }
    const point = /^#x/i.test(code) ? Number.parseInt(code.slice(2), 16) : Number(code.slice(1));
    return point > 0x10ffff || point < 9 ? '' : String.fromCodePoint(point);
  });
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '');
}
