import { createRequire, syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import promises from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Database } from 'better-sqlite3';

/*
 * Loaded before the built command by `clock.ts`: in that process time passes faster from then on, its clock and its
 * pauses alike. Nothing in the product knows of it.
 */

const [from = 0, then = 0, speed = 1] = (process.env.HOLDSHORT_TEST_CLOCK ?? '').split(' ').map(Number);
const sqlite = process.env.HOLDSHORT_TEST_SQLITE;

const RealDate = Date;
const realNow = Date.now;
const now = () => Math.floor(then + (realNow() - from) * speed);
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, as) => Reflect.construct(target, args.length === 0 ? [now()] : args, as),
  get: (target, key, as) => (key === 'now' ? now : Reflect.get(target, key, as)),
});

// The store goes by its engine's clock. Where it is left as it is, the process's clock alone is wrong.
if (sqlite !== undefined) {
  const { prototype }: { prototype: Database } = createRequire(import.meta.url)(sqlite);
  const { prepare } = prototype;
  prototype.prepare = function (this: Database, sql: string) {
    if (sql.includes('unixepoch')) this.function('unixepoch', { varargs: true }, () => now() / 1000);
    return prepare.call(this, sql);
  } as typeof prepare;
}

const sinceStart = performance.now.bind(performance);
performance.now = () => sinceStart() * speed;

const shorter = (ms: number | undefined) => (ms === undefined ? ms : ms / speed);
const { setTimeout: once, setInterval: again } = timers;
const afterPause = promises.setTimeout;
timers.setTimeout = Object.assign((task: () => void, ms?: number, ...args: []) => once(task, shorter(ms), ...args), {
  [promisify.custom]: (ms?: number, ...args: []) => afterPause(shorter(ms), ...args),
}) as unknown as typeof setTimeout;
timers.setInterval = ((task: () => void, ms?: number, ...args: []) =>
  again(task, shorter(ms), ...args)) as typeof setInterval;
promises.setTimeout = (ms, ...args) => afterPause(shorter(ms), ...args);
globalThis.setTimeout = timers.setTimeout;
globalThis.setInterval = timers.setInterval;

const endedAfter = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => endedAfter(ms / speed);
syncBuiltinESMExports();
