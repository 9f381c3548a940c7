import { sep } from 'node:path';
import type { Reporter, TestModule, TestSpecification } from 'vitest/node';

/** At most one line in this time. */
const APART_MS = 5_000;

/** Says every few seconds which folder the last file was of, how much of that is done, and how many files are left. */
export default class ProgressReporter implements Reporter {
  #left = 0;
  #last = 0;
  readonly #of = new Map<string, { done: number; all: number }>();

  onTestRunStart(files: readonly TestSpecification[]): void {
    this.#left = files.length;
    this.#last = Date.now();
    this.#of.clear();
    for (const { moduleId } of files) this.#room(moduleId).all += 1;
  }

  onTestModuleEnd({ moduleId }: TestModule): void {
    const room = this.#room(moduleId);
    room.done += 1;
    this.#left -= 1;
    if (this.#left === 0 || Date.now() - this.#last < APART_MS) return;
    this.#last = Date.now();
    console.log(`${roomOf(moduleId)} ${room.done}/${room.all} · ${this.#left} files left`);
  }

  #room(file: string): { done: number; all: number } {
    const name = roomOf(file);
    const known = this.#of.get(name) ?? { done: 0, all: 0 };
    this.#of.set(name, known);
    return known;
  }
}

/** The folder right under test/. */
function roomOf(file: string): string {
  const parts = file.split(/[\\/]/);
  return parts[parts.lastIndexOf('test') + 1] ?? sep;
}
