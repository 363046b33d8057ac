/** Data to evaluate a model on, in memory. */
export interface Dataset {
  /** The file's name without its folder, with the array behind '#' for an archive. */
  readonly name: string;
  /** 'idx', 'npy', 'npz' or 'csv'; 'idx.gz' and so on where it was compressed. */
  readonly format: string;
  /** How many data are here: rows after `offset` and `limit`. */
  readonly count: number;
  /** Shape of one datum: [28, 28] for an image, [10] for a row of a table, [] for a single number such as a label. */
  readonly shape: readonly number[];
  /** [count * product of shape], the last axis fastest; all finite. */
  readonly values: Float32Array;
  /** What was done to the numbers in the file: 'none' or 'bytes / 255'. */
  readonly scale: string;
  /** Of the file as it lies on the disk, in hexadecimal. */
  readonly sha256: string;
  /** [product of shape] names, where the format has them. */
  readonly columns?: readonly string[];
  /** [count] classes, where the format keeps them apart from the values. */
  readonly labels?: Int32Array;
}

export interface DatasetOptions {
  /** Which array of an archive; 'file.npz#key' says the same in the path. */
  readonly array?: string | undefined;
  /** How many data at most. */
  readonly limit?: number | undefined;
  /** How many data to skip. */
  readonly offset?: number | undefined;
  /** 'unit' divides bytes (0 to 255, whatever their type in the file) by 255. Default 'none'. */
  readonly scale?: 'none' | 'unit' | undefined;
}

/** What a format's reader finds in a file; `readDataset` adds the rest. */
export interface Contents {
  readonly count: number;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly columns?: readonly string[];
  readonly labels?: Int32Array;
  /** Which array of an archive was read. */
  readonly array?: string;
}

/** One file format. A new one is a file that exports this and a line in index.ts. */
export interface Format {
  readonly name: string;
  /** For the message when no format fits. */
  readonly about: string;
  /**
   * @param head the beginning of the file (inflated), at least its header unless the file is shorter
   * @param path lower case, without '.gz'; for formats that have no mark of their own
   */
  detect(head: Uint8Array, path: string): boolean;
  /** How long the file must be by its header, where it can be told; a compressed file is not inflated further. */
  byteLength?(head: Uint8Array, where: string): number | undefined;
  /** @throws InputError */
  read(bytes: Uint8Array, where: string, options: DatasetOptions): Contents;
}
