import { statSync } from 'node:fs';

/**
 * Changes when a file does: cheap enough to be asked before each decision. The inode's change time is in it, which
 * nobody sets back with `touch`. Undefined where there is no file to look at.
 */
export function stampOf(file: string): string | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found && `${found.mtimeNs} ${found.ctimeNs} ${found.size} ${found.ino}`;
}
