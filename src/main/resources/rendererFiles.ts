import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { packageRoot } from './packageRoot';

/** Where the build of the window lies. */
export function rendererDirectory(): string {
  return join(packageRoot().directory, 'out', 'renderer');
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

/** What the page has where the nonce of its answer belongs. */
const noncePlace = 'STYLE-NONCE';

export interface RendererFile {
  readonly path: string;
  readonly type: string;
  /** Its name has a hash of its content in it. */
  readonly immutable: boolean;
}

/**
 * The files of the window by the path of their address. Only names that were listed are ever opened, so an address cannot lead
 * anywhere else, however it is written.
 */
export class RendererFiles {
  private readonly directory: string;
  private files: ReadonlyMap<string, RendererFile> = new Map();
  private listed = -Infinity;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** @param address path of the request, decoded */
  find(address: string): RendererFile | undefined {
    const name = address === '/' ? '/index.html' : address;
    const known = this.files.get(name);
    // Built again meanwhile, perhaps.
    if (known === undefined && performance.now() - this.listed > 1000) {
      this.files = list(this.directory);
      this.listed = performance.now();
    }
    return this.files.get(name);
  }
}

/** The page, with the nonce of the answer that it is part of. */
export async function readPage({ path }: RendererFile, nonce: string): Promise<Uint8Array> {
  return Buffer.from((await readFile(path, 'utf8')).replace(noncePlace, nonce));
}

export function isPage({ path }: RendererFile): boolean {
  return path.endsWith('.html');
}

function list(directory: string): Map<string, RendererFile> {
  const files = new Map<string, RendererFile>();
  let entries;
  try {
    entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  } catch {
    return files;
  }
  for (const entry of entries) {
    const type = types[extname(entry.name)];
    // Links are left out: they could point anywhere.
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const address = path.slice(directory.length).replaceAll('\\', '/');
    files.set(address, { path, type, immutable: address.startsWith('/assets/') });
  }
  return files;
}
