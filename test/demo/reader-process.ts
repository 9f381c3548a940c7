import { closeSync, openSync, readFileSync } from 'node:fs';

/* Which of the files that are named on stdin, one a line, its user can read: those, one a line. */
for (const path of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  try {
    closeSync(openSync(path, 'r'));
    console.log(path);
  } catch {
    // Can't be read: as it should be.
  }
}
