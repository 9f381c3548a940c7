import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The TCP sockets on which a process waits for others, as Linux tells of them. */
export function listening(pid: number): readonly string[] {
  const own = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  const lines = ['tcp', 'tcp6'].flatMap((name) =>
    readFileSync(`/proc/net/${name}`, 'utf8').trim().split('\n').slice(1),
  );
  return lines.filter((line) => {
    const [, , , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === '0A' && own.includes(`socket:[${inode}]`);
  });
}

/** Stopped by a signal, until another one lets it go on. */
export function isFrozen(pid: number): boolean {
  return /^State:\tT/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}
