import type * as nodeFs from 'node:fs';

type Fs = typeof nodeFs;

/** Whether the disk is full, for what a test file has replaced `node:fs` in: `vi.mock('node:fs', withFullDisk)`. */
export const disk = { full: false };

/** Where the system itself refuses to write for want of space. Nothing is imported here, for it would be the replaced module. */
const full = '/dev/full';
export const canFillDisk = process.platform === 'linux';

/** Node's file system, whose disk can be full: new files are made, and what is written to them meets a disk without space. */
export async function withFullDisk(original: () => Promise<Fs>): Promise<Fs> {
  const fs = await original();
  const replaced = {
    ...fs,
    writeSync: ((descriptor: number, ...rest: [Uint8Array]) => {
      if (!disk.full) return fs.writeSync(descriptor, ...rest);
      const target = fs.openSync(full, 'w');
      try {
        return fs.writeSync(target, ...rest);
      } finally {
        fs.closeSync(target);
      }
    }) as Fs['writeSync'],
    createWriteStream: ((path, options) =>
      fs.createWriteStream(
        disk.full ? full : path,
        disk.full && typeof options === 'object' ? { ...options, flags: 'w' } : options,
      )) as Fs['createWriteStream'],
  };
  return { ...replaced, default: replaced } as unknown as Fs;
}
