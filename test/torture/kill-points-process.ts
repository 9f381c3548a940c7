import type { ClientRequest, IncomingMessage } from 'node:http';

/*
 * Loaded before the built command by `life.ts`: names the moments at which what the process does becomes visible to
 * others (a commit, a request, a file), and ends the process at one of them. Nothing in the product knows of it.
 */

// What is changed in these before anyone imports them is what everyone gets.
const fs = process.getBuiltinModule('node:fs');
const http = process.getBuiltinModule('node:http');
const { createRequire } = process.getBuiltinModule('node:module');
const { basename, dirname } = process.getBuiltinModule('node:path');
const { isMainThread } = process.getBuiltinModule('node:worker_threads');

interface Order {
  /** The moment at which this process ends, and which time that it comes; absent: it only counts. */
  readonly point?: string;
  readonly nth: number;
  /** Moments at which it ends too, the first time that it comes to one. */
  readonly rare?: readonly string[];
  /** It ends too once nothing was reached for so long, in milliseconds. */
  readonly restMs: number;
  /** Where it writes how often it reached each moment. */
  readonly passed: string;
}

/** A thread of it ends with it. */
const order: Order = isMainThread
  ? JSON.parse(process.env.HOLDSHORT_TORTURE ?? '{}')
  : { nth: 1, restMs: Number.POSITIVE_INFINITY, passed: '' };
const AT_REST = 'at rest';
/** One that watches without end, or gets too little of the machine, isn't at rest: nothing new for so long ends it. */
const WATCHING = { point: 'while watching', afterMs: 30_000 };
const real = { write: fs.writeFileSync, kill: process.kill.bind(process), now: performance.now.bind(performance) };
const passed: Record<string, number> = {};
/** Until it has claimed something it is still being loaded. */
const LOADING_MS = 6_000;
let last = real.now() + LOADING_MS;
let lastNew = last;
/** As whom it claims. */
let owner: unknown;

function end(point: string): void {
  real.write(order.passed, JSON.stringify({ point, passed, owner }));
  real.kill(process.pid, 'SIGKILL');
}

function reached(point: string): void {
  if (point === 'after commit: claim' || last < real.now()) last = real.now();
  const times = (passed[point] ?? 0) + 1;
  passed[point] = times;
  if (times === 1) lastNew = real.now();
  if ((point === order.point && times === order.nth) || order.rare?.includes(point)) end(point);
}

/** How often it is looked whether anything is still going on. */
const TICK_MS = 50;
let ticked = real.now();
let worked = process.cpuUsage();
setInterval(() => {
  const [since, { user, system }] = [real.now() - ticked, process.cpuUsage(worked)];
  [ticked, worked] = [real.now(), process.cpuUsage()];
  // A process that computes, or doesn't get to, is not at rest: on a busy machine it only seems so.
  if (since > 2 * TICK_MS || user + system > 100 * TICK_MS) last += since;
  if (ticked - last > order.restMs) end(AT_REST);
  if (order.restMs < WATCHING.afterMs && ticked - lastNew > WATCHING.afterMs) end(WATCHING.point);
}, TICK_MS).unref();
process.once('exit', () => {
  if (isMainThread) real.write(order.passed, JSON.stringify({ passed }));
});

// --- Commits -------------------------------------------------------------------------------------------------------

interface Statement {
  readonly source: string;
  readonly database: { readonly name: string; readonly inTransaction: boolean };
}
type Native = (this: Statement, ...values: unknown[]) => unknown;
type Transaction = ((...args: unknown[]) => unknown) & Record<string, (...args: unknown[]) => unknown>;
interface Sqlite {
  readonly prototype: {
    prepare(sql: string): object;
    transaction(work: (...args: unknown[]) => unknown): Transaction;
  };
  new (file: string): { readonly name: string; prepare(sql: string): object; close(): void };
}

/** By what stands in a statement; what isn't here is named by its own beginning. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^UPDATE ticket SET claim_owner = \?, claim_epoch/, 'claim'],
  [/^UPDATE ticket SET claim_until = \?/, 'renewal'],
  [/^UPDATE ticket SET claim_owner = NULL/, 'release'],
  [/^UPDATE ticket SET progress/, 'progress'],
  [/^UPDATE residue SET claim_owner/, 'claim of a residue'],
];
/** What comes with others, and says nothing by itself. */
const BESIDE = /^(UPDATE tree|UPDATE ticket SET state|DELETE FROM residue|INSERT INTO notice)/;

/** What the open transactions wrote, by file: one may be within another's. */
const writes = new Map<string, Set<string>>();

function noteWrite({ source, database: { name, inTransaction } }: Statement, values: readonly unknown[]): void {
  const sql = source.replace(/\s+/g, ' ').trim();
  if (!inTransaction || !/^(INSERT|UPDATE|DELETE)/.test(sql)) return;
  const written = writes.get(name) ?? new Set();
  writes.set(name, written);
  if (basename(name) !== 'holdshort.db') written.add('seen log');
  else if (sql.startsWith('INSERT INTO entry')) written.add(String(JSON.parse(String(values[1])).type));
  else if (!BESIDE.test(sql)) {
    const named = NAMES.find(([form]) => form.test(sql))?.[1] ?? sql.slice(0, 40);
    if (named === 'claim') [owner] = values;
    written.add(named);
  }
}

function nameOf(written: Set<string> | undefined): string | undefined {
  return written && written.size > 0 ? [...written].sort().join(', ') : undefined;
}

const Database = createRequire(process.argv[1] ?? '')('better-sqlite3') as Sqlite;
const probe = new Database(':memory:');
const statement = Object.getPrototypeOf(probe.prepare('SELECT 1')) as Record<'run' | 'get' | 'all', Native>;
probe.close();
for (const method of ['run', 'get', 'all'] as const) {
  const native = statement[method];
  statement[method] = function (...values) {
    noteWrite(this, values);
    return native.apply(this, values);
  };
}

const transactionOf = Database.prototype.transaction;
Database.prototype.transaction = function (this: { readonly name: string; readonly inTransaction: boolean }, work) {
  let name: string | undefined;
  const { name: file } = this;
  // One within another is part of it: what both wrote is committed at the end of that.
  let within = false;
  const whole = transactionOf.call(this, (...args: unknown[]) => {
    if (within) return work(...args);
    writes.delete(file);
    const result = work(...args);
    name = nameOf(writes.get(file));
    writes.delete(file);
    if (name !== undefined) reached(`before commit: ${name}`);
    return result;
  });
  const committing =
    (kind: (...args: unknown[]) => unknown) =>
    (...args: unknown[]) => {
      within = this.inTransaction;
      if (within) return kind(...args);
      name = undefined;
      const result = kind(...args);
      if (name !== undefined) reached(`after commit: ${name}`);
      return result;
    };
  const { deferred, immediate, exclusive } = whole;
  const kinds = { deferred, immediate, exclusive } as Record<string, (...args: unknown[]) => unknown>;
  const wrapped = Object.entries(kinds).map(([kind, run]) => [kind, committing(run)]);
  return Object.assign(committing(whole), Object.fromEntries(wrapped)) as Transaction;
};

// --- Requests ------------------------------------------------------------------------------------------------------

const outgoing = http.ClientRequest.prototype;
const endRequest = outgoing.end as (...args: unknown[]) => ClientRequest;
outgoing.end = function (this: ClientRequest, ...args: unknown[]) {
  const body = typeof args[0] === 'string' || args[0] instanceof Uint8Array ? Buffer.from(args[0]).toString() : '';
  const name = new URLSearchParams(body).get('Action') ?? this.getHeader('x-amz-target') ?? this.method;
  this.once('finish', () => reached(`request has left: ${name}`));
  this.once('response', (answer: IncomingMessage) => {
    reached(`answer begins: ${name}`);
    answer.once('end', () => reached(`answer was read: ${name}`));
  });
  reached(`request leaves: ${name}`);
  return endRequest.apply(this, args);
} as typeof outgoing.end;

// --- Files ---------------------------------------------------------------------------------------------------------

const home = process.env.HOLDSHORT_HOME ?? '';
const opened = new Map<number, string>();

function fileName(path: unknown): string | undefined {
  const text = String(path);
  if (home === '' || !text.startsWith(home)) return undefined;
  const folder = basename(dirname(text));
  if (folder === 'kits') return text.endsWith('.part') ? 'kit, its part' : 'kit';
  return `${folder}/${basename(text).replace(/\.[0-9a-f]+\.part$/, ', its part')}`;
}

type Call = (...args: any[]) => any;
const files = fs as unknown as Record<string, Call>;
function around(call: string, name: (args: readonly unknown[]) => string | undefined): void {
  const original = files[call] as Call;
  files[call] = (...args) => {
    const named = name(args);
    if (named !== undefined) reached(`before ${named}`);
    const result = original(...args);
    if (named !== undefined) reached(`after ${named}`);
    return result;
  };
}
const prefixed = (verb: string, name: string | undefined) => (name === undefined ? undefined : `${verb}: ${name}`);

const openFile = files.openSync as Call;
files.openSync = (path, flags, ...more) => {
  const open = openFile(path, flags, ...more);
  const name = fileName(path);
  if (name !== undefined && typeof flags === 'string' && /[aw+]/.test(flags)) opened.set(open, name);
  else opened.delete(open);
  return open;
};
around('writeSync', ([open, text]) => {
  const name = opened.get(Number(open));
  if (name !== 'keys/executed') return undefined;
  const [, how = 'begun'] = / (accepted|doubted|ended)\n$/.exec(String(text)) ?? [];
  return `write: ${name}, ${how}`;
});
around('writeFileSync', ([path]) => prefixed('write', fileName(path)));
around('linkSync', ([, to]) => prefixed('link', fileName(to)));
around('rmSync', ([path]) => prefixed('removal', fileName(path)));
