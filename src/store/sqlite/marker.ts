import { existsSync, linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { unavailable } from './failures.ts';

/*
 * The log's id is in the database and in a small file beside it. Deleting or replacing the database (or losing its -wal
 * file before the first checkpoint) would otherwise look like a fresh start, and the log's past would be gone without a
 * trace.
 */

function markerOf(file: string): string {
  return `${file}.log-id`;
}

export function readMarker(file: string): string | undefined {
  return existsSync(markerOf(file)) ? readFileSync(markerOf(file), 'utf8').trim() : undefined;
}

/** Only for a database that has no log yet: it must not take the place of one that had. */
export function refuseLostLog(file: string): void {
  const id = readMarker(file);
  if (id === undefined) return;
  throw unavailable(
    `the database ${file} holds no log, but ${markerOf(file)} says that log ${id} was here`,
    `put the database back from a backup; to begin a new log on purpose, move ${markerOf(file)} away first`,
  );
}

/**
 * Compares the two ids, or writes the marker where there is none yet: the log is committed before its marker is made.
 */
export function confirmMarker(file: string, logId: string): void {
  const id = readMarker(file) ?? writeMarker(file, logId);
  if (id === logId) return;
  throw unavailable(
    `the database ${file} holds log ${logId}, but ${markerOf(file)} says that log ${id} belongs here`,
    'put the right database back; whoever replaced it replaced the log',
  );
}

/** Atomic, whole or not at all, and never over another process's. Returns the id that is there now. */
function writeMarker(file: string, logId: string): string | undefined {
  const temporary = `${markerOf(file)}.${process.pid}.${performance.now()}`;
  try {
    writeFileSync(temporary, `${logId}\n`, { mode: 0o600, flag: 'wx', flush: true });
    linkSync(temporary, markerOf(file));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // A database that may only be read is still worth reading.
    if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return logId;
    if (code !== 'EEXIST') throw error;
  } finally {
    if (existsSync(temporary)) unlinkSync(temporary);
  }
  return readMarker(file);
}
