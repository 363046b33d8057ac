import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { drawFigure } from '../../../src/main/figures';
import { parseXml, writeXml } from '../../../src/main/figures/xml';
import { processorTime } from '../../support/processorTime';

const label = '−2.5 ≤ log p(x) ≤ 3 ± 0.02 nats, β → 1';
const svg = (inner: string, attributes = 'viewBox="0 0 241 170"'): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${inner}</svg>`;
const chart = svg(
  `<title>A &amp; B</title><clipPath id="c"><rect width="200" height="100"/></clipPath>
   <g clip-path="url(#c)"><path d="M0 0L100 100" stroke="#0072b2" fill="none" stroke-dasharray="4 2"/></g>
   <path d="M0 0L9 9L0 9Z" fill="#0072b2" fill-opacity="0.15" class="x" onclick="alert(1)" data-a="b"/>
   <text x="120" y="150" text-anchor="middle" dominant-baseline="central" font-size="8" font-family="Helvetica">${label}</text>`,
);
const draw = (format: 'svg' | 'pdf' | 'png', drawing = chart, width = 85): Promise<Uint8Array> =>
  drawFigure({ svg: drawing, format, width, title: 'A figure' });
const text = async (drawing?: string): Promise<string> => new TextDecoder().decode(await draw('svg', drawing));

function hasFont(): boolean {
  try {
    createRequire(import.meta.url).resolve('@expo-google-fonts/arimo/package.json');
    return true;
  } catch {
    return false;
  }
}

describe('SVG', () => {
  it('has the size asked for and what is drawn', async () => {
    const out = await text();
    expect(out).toContain('width="85mm"');
    expect(out).toContain('height="59.959mm"');
    expect(out).toContain(label);
    expect(out).toContain('A &amp; B');
    expect(out).toContain('fill-opacity="0.15"');
    expect(out).toContain('clip-path="url(#c)"');
  });

  it('has nothing that acts', async () => {
    const out = await text();
    for (const gone of ['onclick', 'class=', 'data-a']) expect(out).not.toContain(gone);
  });

  it('has a size of its own where it has no viewBox', async () => {
    expect(await text(svg('<path d="M0 0"/>', 'width="200" height="100px"'))).toContain('viewBox="0 0 200 100"');
  });
});

describe('a drawing that is more than a drawing', () => {
  it.each([
    ['a script', svg('<script>alert(1)</script>')],
    ['foreign markup', svg('<foreignObject><p>x</p></foreignObject>')],
    ['a style sheet', svg('<style>@import url(http://evil.example/x.css)</style>')],
    ['an animation', svg('<animate attributeName="href"/>')],
    ['copies of itself', svg('<g id="a"><path d="M0 0"/></g><use href="#a"/>')],
    ['a picture from elsewhere', svg('<image href="http://evil.example/x.png"/>')],
    ['a picture from this machine', svg('<image xlink:href="file:///etc/passwd"/>')],
    ['an SVG as picture', svg('<image href="data:image/svg+xml;base64,PHN2Zy8+"/>')],
    ['a fill from elsewhere', svg('<path d="M0 0" fill="url(http://evil.example/#a)"/>')],
    ['a style that refers', svg('<path d="M0 0" style="fill: url(http://evil.example/#a)"/>')],
    ['a link', svg('<a href="javascript:alert(1)"><path d="M0 0"/></a>')],
    ['entities of its own', '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg viewBox="0 0 1 1"/>'],
    ['an unknown entity', svg('<text>&a;</text>')],
    ['an instruction', svg('<?xml-stylesheet href="x.css"?>')],
    ['raw data', svg('<![CDATA[<script>]]>')],
    ['no end', '<svg viewBox="0 0 1 1"><g>'],
    ['crossed elements', '<svg viewBox="0 0 1 1"><g><text></g></text></svg>'],
    ['two roots', '<svg viewBox="0 0 1 1"/><svg viewBox="0 0 1 1"/>'],
    ['no size', '<svg/>'],
    ['no height', svg('', 'viewBox="0 0 100 0"')],
    ['a tower', svg('', 'viewBox="0 0 1 1000"')],
    ['no drawing at all', '<html></html>'],
    ['no markup', 'hello'],
    ['nothing', ''],
    ['a pit', svg('<g>'.repeat(500) + '</g>'.repeat(500))],
  ])('is refused: %s', async (_name, drawing) => {
    for (const format of ['svg', 'pdf', 'png'] as const)
      await expect(draw(format, drawing)).rejects.toThrow(/^figure: this is no drawing that can be exported: /);
  });

  it('is refused in no time, however long', async () => {
    const start = processorTime();
    await expect(draw('svg', `<svg ${'a="1" '.repeat(500_000)}`)).rejects.toThrow();
    await expect(draw('svg', svg('<'.repeat(2_000_000)))).rejects.toThrow();
    await expect(draw('svg', svg('<g/>'.repeat(500_000)))).rejects.toThrow(/more than/);
    expect(processorTime() - start).toBeLessThan(5000);
  });
});

it('markup that is read and written is the same again', () => {
  const plain = '<svg a="1 &lt; &quot;2&quot;"><g><text>x &amp; y − é</text></g><path d="M0 0"/></svg>';
  expect(writeXml(parseXml(plain))).toBe(plain);
  expect(writeXml(parseXml("<svg a='&#60;&#x2212;'><!-- c --></svg>"))).toBe('<svg a="&lt;−"/>');
});

describe.skipIf(!hasFont())('for paper', () => {
  it('a PDF has the size of the figure and the letters it uses inside it', async () => {
    const bytes = Buffer.from(await draw('pdf'));
    const source = bytes.toString('latin1');
    expect(source.startsWith('%PDF-')).toBe(true);
    expect(source).toMatch(/\/MediaBox \[0 0 240\.9\d+ 169\.9\d+\]/);
    expect(source).toMatch(/\/FontFile2 /);
    expect(source).toMatch(/\/BaseFont \/[A-Z]{6}\+Arimo/);
    // One of the fourteen that every reader has would not be embedded.
    expect(source).not.toMatch(/\/BaseFont \/(Helvetica|Times|Courier)/);
    expect(source).not.toMatch(/\/Image\b/);
    expect(bytes.length).toBeLessThan(200_000);
    const streams = [...source.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, stream]) => inflated(stream));
    // The dashes and the transparent band are vectors.
    expect(streams.some((stream) => /\[4 2\] 0 d/.test(stream))).toBe(true);
  });

  it('a PNG has 300 dots an inch and shows what is drawn', async () => {
    const bytes = Buffer.from(await draw('png'));
    expect(bytes.readUInt32BE(16)).toBe(1004);
    expect(bytes.readUInt32BE(20)).toBe(708);
    const at = bytes.indexOf('pHYs');
    expect([bytes.readUInt32BE(at + 4), bytes.readUInt32BE(at + 8), bytes[at + 12]]).toEqual([11811, 11811, 1]);
    const blank = await draw('png', chart.replace(/<text[\s\S]*<\/text>/, ''));
    // The text is there: without it there is less to compress.
    expect(bytes.length).toBeGreaterThan(blank.length + 1000);
  });
});

function inflated(stream: string | undefined): string {
  try {
    return inflateSync(Buffer.from(stream ?? '', 'latin1')).toString('latin1');
  } catch {
    return '';
  }
}
