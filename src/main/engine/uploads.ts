import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError } from '../../shared/errors';
import { formatBytes } from '../../shared/format';
import { maximumUploadBytes } from '../../shared/library';

/** An upload that nobody asked to import is thrown away after this, milliseconds. */
const keptFor = 3_600_000;
/** Left free for the database. */
const reserve = 2 ** 26;
const mostAtOnce = 8;

/** Files that a browser has sent, waiting to be imported. Written as they come, never held in memory. */
export class Uploads {
  readonly limit: number;
  private readonly folder: string;
  private active = 0;

  constructor(home: string, limit = maximumUploadBytes) {
    this.folder = join(home, 'uploads');
    this.limit = limit;
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    this.tidy(0);
  }

  /**
   * Writes a stream to disk.
   * @param expected its length, where the sender has said
   * @returns the id of the upload
   * @throws InputError when it is too large or does not fit on the disk; nothing is left of it then
   */
  async receive(source: Readable, expected?: number): Promise<string> {
    this.tidy(keptFor);
    if (this.active >= mostAtOnce)
      throw new InputError('upload', `${mostAtOnce} files are being sent already`, 'Wait until one has arrived.');
    this.active += 1;
    const id = randomUUID();
    const path = join(this.folder, id);
    try {
      await this.checkSpace(expected ?? 0);
      await pipeline(source, this.limiter(), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      return id;
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    } finally {
      this.active -= 1;
    }
  }

  /**
   * Where an upload lies.
   * @throws InputError when there is none of that id
   */
  path(id: string): string {
    const path = /^[0-9a-f-]{36}$/.test(id) ? join(this.folder, id) : undefined;
    if (path === undefined || statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
      throw new InputError('upload', 'the file that was sent is no longer here', 'Send it again.');
    return path;
  }

  /**
   * Takes an upload out, under a name with the file's own at its end: that is how some formats are told. Whoever takes it removes it.
   * @returns its path
   */
  named(id: string, name: string): string {
    const path = this.path(id);
    const target = `${path}-${name.replace(/[^A-Za-z0-9._-]+/g, '_').slice(-100)}`;
    renameSync(path, target);
    return target;
  }

  private async checkSpace(expected: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    const free = bavail * bsize - reserve;
    if (expected > free) {
      const needed = formatBytes(expected);
      throw new InputError(
        'upload',
        `the file has ${needed}, and the disk of the data folder has ${formatBytes(Math.max(0, free))} left`,
        'Free some space.',
      );
    }
  }

  private limiter(): Transform {
    let total = 0;
    const { limit } = this;
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        total += chunk.length;
        if (total <= limit) return done(null, chunk);
        done(
          new InputError('upload', `the file is larger than the ${formatBytes(limit)} allowed`, 'Use a smaller one.'),
        );
      },
    });
  }

  private tidy(age: number): void {
    for (const name of readdirSync(this.folder)) {
      const path = join(this.folder, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats !== undefined && Date.now() - stats.mtimeMs >= age) rmSync(path, { force: true });
    }
  }
}
