import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ClientConfig } from 'pg';
import { readPinned } from '../../approvals/keys/pinned.ts';
import { peaksOf, rootOf } from '../audit/merkle.ts';
import { openStateDir } from '../config.ts';
import { registryOf } from '../kernel/approvers.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { safeText } from '../kernel/safe-text.ts';
import { readPasskey } from '../kernel/webauthn.ts';
import { type CommandResult, EXIT } from '../present/command-result.ts';
import type { AnchorFolder } from '../store/anchor/anchor.ts';
import { readHeadFile } from '../store/head/file.ts';
import { keeperOf } from '../store/head/keeper.ts';
import type { Kept } from '../store/head/kept.ts';
import { connectionTo } from '../store/postgres/address.ts';
import { MaybeThere, openTarget, type Target } from '../store/postgres/target.ts';
import { type Seal, wasMoved } from '../store/sqlite/moved.ts';
import { openSnapshot } from '../store/sqlite/snapshot.ts';
import { openSource, type Source } from '../store/sqlite/source.ts';
import { auditVerify } from './audit-views.ts';
import { shareExecuted } from './executed.ts';
import type { Installation } from './installation.ts';
import { isBelieved, requireSeen, treeOf, withHead } from './store-copy-seen.ts';

/** Leases, expiry and freezes go by the store's time: one that is further off than that changes what they say. */
const CLOCKS_APART_MS = 60_000;
/** How far the clock may be behind the newest entry. */
const BEHIND_MS = 2_000;
const NAMED = 20;

interface CopyOptions {
  readonly from: string;
  readonly to?: string;
  readonly cancel?: boolean;
}

type Here = Pick<Installation, 'config' | 'anchor' | 'sandbox'>;

/**
 * `store copy`: moves the tickets and the log of a file into a database. The file is sealed first, so that nothing runs
 * in both; before anything is in the database all hosts are told what was begun here, and that the log is in the file;
 * last, that it is in the database. Where it is interrupted it is run again: each step finds what the one before it
 * left.
 */
export async function storeCopy(here: Here, { from, to, cancel }: CopyOptions): Promise<CommandResult> {
  const { anchor } = here;
  requireFile(here, from);
  if (!cancel) requireDatabase(to);
  if (!anchor) throw noAnchor();
  openStateDir(here.config);
  const source = await openSource(here.config.database);
  try {
    await source.hold();
    if (cancel) return await unseal(here, anchor, source);
    const address = connectionTo(to ?? '');
    const target = await openTarget(address);
    try {
      return await move({ here, anchor, source, target, place: placeOf(address) });
    } finally {
      await target.close();
    }
  } finally {
    source.close();
  }
}

interface Moving {
  readonly here: Here;
  readonly anchor: AnchorFolder;
  readonly source: Source;
  readonly target: Target;
  /** The database's address, without a login. */
  readonly place: string;
}

async function move({ here, anchor, source, target, place }: Moving): Promise<CommandResult> {
  const { keysDir, database } = here.config;
  const { server, size, now, log_id } = await target.look();
  const sealed = source.seal();
  if (sealed?.whole === 1) {
    if (!isSameDatabase(sealed.server, server)) throw wasMoved(sealed, database);
    return await done(here, source, place);
  }
  const ticketsUnderWay = source.underWay();
  if (ticketsUnderWay.length > 0) throw underWay(ticketsUnderWay);
  if (size === 0) compareClocks(source, now);
  else if (log_id !== source.tree.log_id) throw notEmpty(size);
  await requireSeen(here.config.keysDir, anchor, source, { server, size });
  const seal: Seal = { place, server, at: sealed?.at ?? source.clock(), whole: 0 };
  await source.write(seal);
  // Another one may have had the file between the seal and this lock, and may even be through: what it left is its own.
  if (!isDeepStrictEqual(source.seal(), seal)) throw otherMove(database);
  if ((await target.look()).size !== size) throw otherMove(database);
  const tree = treeOf(source);
  const giveBack = async () => {
    // It was empty while nobody else could move this file into it, and stayed so.
    if (size === 0) await source.write(undefined);
  };
  try {
    const verified = await verifySource(here);
    if (verified.exit !== EXIT.done) {
      await giveBack();
      return { ...verified, text: `${verified.text}\nNothing was moved.` };
    }
    // Both before anything is there: a host that looks at the database already would take it in as it is committed.
    shareExecuted(keysDir, source.open(), anchor.begun);
    await ofHead(here, source, (head) => head.reserve(tree, anchor, server));
    await target.takeOver(source);
  } catch (error) {
    if (!(error instanceof MaybeThere)) await giveBack();
    throw error;
  }
  await ofHead(here, source, (head) => head.move(tree, anchor, server));
  await source.write({ ...seal, whole: 1 });
  return await done(here, source, place);
}

function ofHead<T>({ config }: Here, source: Source, work: (head: Kept) => T): Promise<T> {
  return withHead(keeperOf(join(config.keysDir, 'head.db')), source, work);
}

async function verifySource({ config: { keysDir, database } }: Here): Promise<CommandResult> {
  const snapshot = await openSnapshot(database);
  try {
    const outside = { pinned: readPinned(keysDir), seen: await readHeadFile(join(keysDir, 'head.db')) };
    return await auditVerify(snapshot, outside);
  } finally {
    snapshot.close();
  }
}

/** Nothing has begun over there, and nothing will: the anchor says that the log is in the file. */
async function unseal(here: Here, anchor: AnchorFolder, source: Source): Promise<CommandResult> {
  const seal = source.seal();
  if (!seal) throw new HoldshortError('usage', 'nothing is on its way from this file', 'leave out --cancel');
  if (seal.whole === 1) throw wasMoved(seal, here.config.database);
  await ofHead(here, source, (head) => {
    if (head.head()?.server !== undefined || isBelieved(anchor.read()))
      throw new HoldshortError(
        'wrong_state',
        `what is in ${seal.place} is believed by other hosts already`,
        'run `holdshort store copy` again as it was, which ends it',
      );
    // Also where a host saw the database while it was empty: it believes nothing there from now on.
    head.reserve(treeOf(source), anchor);
  });
  await source.write(undefined);
  return {
    data: { cancelled: true, to: seal.place },
    text: `The file is the store again. Should ${safeText(seal.place)} have a copy of it, no host believes that: drop its schema holdshort before you move again.`,
    exit: EXIT.done,
  };
}

async function done({ config }: Here, source: Source, place: string): Promise<CommandResult> {
  const { size, frontier } = source.tree;
  const root = Buffer.from(rootOf({ size, peaks: peaksOf(frontier) })).toString('hex');
  const people = localPasskeys(source, config.keysDir);
  return {
    data: { to: place, size, root, passkeys_of_localhost: people },
    text: [
      `The tickets and the log are in ${safeText(place)} now: ${size} entries, root ${root}.`,
      `${config.database} is sealed: it stays as it is and nothing is written there again. The folder around it stays in use, with its keys and recovery kits.`,
      '',
      'Name the database as `store` in the configuration of each host, with a login that has only the roles that it needs (docs/store.md),',
      'start its processes again, and look at it with a login of holdshort_auditor: `holdshort audit verify`.',
      ...(people.length > 0
        ? [
            '',
            `Passkeys that were made on localhost count on this machine's own page only: ${people.map((name) => safeText(name)).join(', ')}.`,
            'For another address each of them makes a new one there, and an admin enrolls it (docs/approving.md); an admin among them signs that here, on the page of `holdshort web`.',
          ]
        : []),
    ].join('\n'),
    exit: EXIT.done,
  };
}

/** Browsers give a passkey to the page that made it and to no other. */
function localPasskeys(source: Source, keysDir: string): readonly string[] {
  const { keys } = registryOf(source.statements(), readPinned(keysDir), []);
  const names = [...keys.values()].flatMap(({ name, publicKey, revokedAt }) =>
    revokedAt === undefined && publicKey.startsWith('{') && readPasskey(publicKey)?.rp_id === 'localhost' ? [name] : [],
  );
  return [...new Set(names)].sort();
}

function requireFile({ config, sandbox }: Here, from: string): void {
  if (sandbox)
    throw new HoldshortError('usage', 'what is played in the embedded cloud is moved nowhere', 'leave out --sandbox');
  if (/^postgres(ql)?:/.test(from))
    throw new HoldshortError(
      'usage',
      '--from is a database: only a file can be moved, into a database',
      'give the file holdshort.db of a state folder; from one database to another use PostgreSQL’s own means, then `holdshort audit accept`',
    );
  const file = resolve(from);
  if (!existsSync(file)) throw new HoldshortError('usage', `there is no file ${file}`, 'give the path of holdshort.db');
  const own = existsSync(config.database) ? statSync(config.database) : undefined;
  const given = statSync(file);
  if (own?.ino === given.ino && own.dev === given.dev) return;
  throw new HoldshortError(
    'usage',
    `${file} is not the store of this installation, which is ${config.database}`,
    'name the folder in which it is in HOLDSHORT_HOME: its keys say what was begun there',
  );
}

function requireDatabase(to: string | undefined): void {
  if (to !== undefined && /^postgres(ql)?:\/\//.test(to)) return;
  throw new HoldshortError(
    'usage',
    to === undefined ? 'it is not said where to' : '--to is no database: a file can only be moved into a database',
    'give --to the address of one that `holdshort store migrate` has made, postgres://LOGIN@HOST/DATABASE',
  );
}

function noAnchor(): HoldshortError {
  return new HoldshortError(
    'config_invalid',
    'there is no anchor, in which all hosts of a database find what was begun here',
    'make a folder that all hosts with executors share (mode 700; on one host, any folder), and name it as `anchor` in the configuration (docs/store.md)',
  );
}

function underWay(tickets: readonly string[]): HoldshortError {
  const more = tickets.length > NAMED ? ` and ${tickets.length - NAMED} more` : '';
  return new HoldshortError(
    'in_use',
    `tickets are under way: ${tickets.slice(0, NAMED).join(', ')}${more}`,
    'nothing was moved; wait until they have ended, with an executor that runs, then try again',
  );
}

function otherMove(file: string): HoldshortError {
  return new HoldshortError(
    'in_use',
    `another \`holdshort store copy\` had ${file} at the same time, and ended or took back what was begun`,
    'this one changes nothing more; when no other one runs, run the same command again: it goes on from what it finds',
  );
}

function notEmpty(size: number): HoldshortError {
  return new HoldshortError(
    'store_unavailable',
    `the database holds another log, of ${size} entries`,
    'nothing was moved; name one that `holdshort store migrate` has just made',
  );
}

function compareClocks(source: Source, there: number): void {
  const here = source.clock();
  const apart = Math.abs(there - here);
  const { newest } = source.tree;
  if (apart <= CLOCKS_APART_MS && newest <= there + BEHIND_MS) return;
  const [now, then] = [new Date(here), new Date(there)].map((time) => time.toISOString());
  throw new HoldshortError(
    'clock_went_back',
    `here it is ${now}, in the database ${then}, and the newest entry is of ${new Date(newest).toISOString()}`,
    'nothing was moved; set both clocks right, since tickets expire and freezes end by them, and wait until the newest entry is past',
  );
}

/** Timelines go on; system and database stay. */
function isSameDatabase(one: string, other: string): boolean {
  const named = (server: string) => server.split('-').slice(0, 2).join('-');
  return named(one) === named(other);
}

function placeOf({ host = '', port, database }: ClientConfig): string {
  return host.startsWith('/') ? `postgres:///${database}?host=${host}` : `postgres://${host}:${port}/${database}`;
}
