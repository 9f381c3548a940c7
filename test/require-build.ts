import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The tests go through the built binary; without one they would test nothing. @returns what is done after the last test
 */
export default function prepare(): () => void {
  if (!existsSync('dist/cli.js'))
    throw new Error('dist/cli.js is missing: run `npm run build` (or `npm test`, which does)');
  const folder = mkdtempSync(join(quickest(), 'holdshort-run-'));
  // Other users whom tests play find their way through it.
  chmodSync(folder, 0o711);
  process.env.HOLDSHORT_RUN = folder;
  process.env.HOLDSHORT_BOUNDS = join(folder, 'bounds');
  // Processes of this run read what V8 compiled for the others: most of what a short command takes is its own code.
  process.env.NODE_COMPILE_CACHE = join(folder, 'compiled');
  process.env.TMPDIR = join(folder, 'tmp');
  mkdirSync(process.env.TMPDIR);
  const cleanUp = cleanedUp(folder);
  return () => {
    rmSync('node_modules/.cache/holdshort-bundled', { recursive: true, force: true });
    cleanUp();
  };
}

/** Enough for a whole run, several times over. */
const ROOM = 4 * 2 ** 30;

/**
 * Memory, where files may be there and be run: each commit of each database waits for the disk elsewhere. Whoever names
 * a folder in TMPDIR gets that one.
 */
export function quickest(): string {
  const memory = '/dev/shm';
  if (process.env.TMPDIR || !existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  const takes = mounts.some((line) => line.split(' ')[1] === memory && /^\S+ \S+ tmpfs rw,(?!.*noexec)/.test(line));
  return takes && bavail * bsize >= ROOM ? memory : tmpdir();
}

/**
 * Ends what test/scenes/shared.ts started for all files, with all that those started, and removes the run's folder;
 * twice, since the last processes write there as they end. It begins when its input ends, which that does however
 * this process ends.
 */
const CLEANER = `cat
for pid in "$0"/*/pid; do [ -f "$pid" ] && kill -s KILL -- "-$(cat "$pid")"; done
rm -rf "$0"; sleep 3; rm -rf "$0"`;

/** @returns what begins it */
function cleanedUp(folder: string): () => void {
  const cleaner = spawn('sh', ['-c', CLEANER, folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  cleaner.unref();
  return () => void cleaner.stdin.end();
}
