import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A file that is only appended to, by several processes: each question reads what was added since the last one. */
export interface AppendedLines {
  /** Is this line in the file now? */
  has(line: string): boolean;
  /**
   * Did a line that begins like this, be it cut off, ever stand in it? What this process saw there once it knows for
   * good: a file that was removed, or put back from an older copy, lets nothing begin that had begun.
   */
  ever(begins: string): boolean;
}

/** What was read of one and the same file. */
interface Place {
  readonly dev: number;
  readonly ino: number;
  /** Where the line begins that was not whole yet. */
  readonly size: number;
  /** The bytes before that: where others are there, it is not the file that was read. */
  readonly last: Buffer;
}

/** Longer than a line, so that there is a digest in it. */
const LAST = 256;

/** @param name the part of a whole line by which `ever` is asked for it; undefined where it is no line of ours */
export function appendedLines(file: string, name: (line: string) => string | undefined): AppendedLines {
  let place: Place | undefined;
  let now = new Set<string>();
  const known = new Set<string>();
  /** A crash cuts a line off, and the next one goes on in it. There are few. */
  let broken: string[] = [];
  const everBroken = new Set<string>();

  function look(): void {
    const open = opened(file);
    const before = place;
    place = undefined;
    if (open === undefined) {
      forget();
      return;
    }
    try {
      place = read(open, before && isSame(open, before) ? before : undefined);
    } finally {
      closeSync(open);
    }
  }

  function forget(): void {
    now = new Set();
    broken = [];
  }

  function read(open: number, before: Place | undefined): Place {
    if (!before) forget();
    const { dev, ino, size } = fstatSync(open);
    const from = before?.size ?? 0;
    const added = bytesOf(open, from, size - from);
    const end = added.lastIndexOf('\n') + 1;
    for (const line of added.toString('latin1', 0, end).split('\n').slice(0, -1)) take(line);
    if (end < added.length) everBroken.add(added.toString('latin1', end));
    const last = Buffer.concat([before?.last ?? Buffer.alloc(0), added.subarray(0, end)]).subarray(-LAST);
    return { dev, ino, size: from + end, last: Buffer.from(last) };
  }

  function take(line: string): void {
    const named = name(line);
    if (named === undefined) {
      broken.push(line);
      everBroken.add(line);
    } else {
      now.add(line);
      known.add(named);
    }
  }

  return {
    has(line) {
      look();
      return now.has(line) || broken.some((one) => one.endsWith(line));
    },
    ever(begins) {
      look();
      return known.has(begins) || [...everBroken].some((one) => one.includes(begins));
    },
  };
}

function opened(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isSame(open: number, { dev, ino, size, last }: Place): boolean {
  const stat = fstatSync(open);
  return stat.dev === dev && stat.ino === ino && bytesOf(open, size - last.length, last.length).equals(last);
}

/** As many as there are. */
function bytesOf(open: number, from: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, length));
  let read = 0;
  while (read < bytes.length) {
    const more = readSync(open, bytes, read, bytes.length - read, from + read);
    if (more === 0) break;
    read += more;
  }
  return bytes.subarray(0, read);
}
