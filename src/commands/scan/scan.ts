import type { Reached } from '../../../tools/cloudformation/deployment/reached.ts';
import type { Knowledge } from '../../../tools/cloudformation/knowledge/language.ts';
import { knowledge } from '../../../tools/cloudformation/knowledge/load.ts';
import { askedOf, thingNamed } from '../../../tools/cloudformation/reach/targets.ts';
import type { Readers } from '../../../tools/define.ts';
import type { FoundThing, NamedThing } from '../../../tools/ports/ownership.ts';
import { every } from '../../../tools/ports/pages.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { type ReadStack, readStack } from './stack.ts';

/** What of a stack names something that isn't known by itself. */
export interface Naming extends Pick<ReadStack, 'stack'> {
  readonly reached: Reached;
  /** Absent for what can't be read. */
  readonly found?: FoundThing;
}

export interface Scanned {
  /** How many stacks were read. */
  readonly stacks: number;
  readonly unread: readonly { readonly stack: string; readonly why: string }[];
  readonly namings: readonly Naming[];
}

/** About 1,500 stacks. */
const MOST_REQUESTS = 5_000;
const AT_ONCE = 4;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html: all that have resources. */
const STANDING = [
  ...['CREATE_IN_PROGRESS', 'CREATE_FAILED', 'CREATE_COMPLETE', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_FAILED'],
  ...['ROLLBACK_COMPLETE', 'DELETE_IN_PROGRESS', 'DELETE_FAILED', 'UPDATE_IN_PROGRESS'],
  ...['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE', 'UPDATE_FAILED', 'UPDATE_ROLLBACK_IN_PROGRESS'],
  ...['UPDATE_ROLLBACK_FAILED', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE'],
  ...['IMPORT_IN_PROGRESS', 'IMPORT_COMPLETE', 'IMPORT_ROLLBACK_IN_PROGRESS', 'IMPORT_ROLLBACK_FAILED'],
  'IMPORT_ROLLBACK_COMPLETE',
];

/**
 * What the stacks of an account and region act on or act as, and whose it is.
 * @param only a stack's name or ARN: this one, and those nested in it
 * @param sent how many requests were sent so far
 * @throws not_found when there is no such stack
 */
export async function scan(readers: Readers, only: string | undefined, sent: () => number): Promise<Scanned> {
  const known = await knowledge();
  const unread: { readonly stack: string; readonly why: string }[] = [];
  const exports = exportsOf(readers);
  const read: ReadStack[] = [];
  let waiting = only === undefined ? await standing(readers) : [only];
  const one = async (name: string) => {
    const found = await attempt(name, readers, known, exports, sent);
    if (typeof found === 'string') unread.push({ stack: name, why: found });
    return typeof found === 'string' ? undefined : found;
  };
  while (waiting.length > 0) {
    const found = await Promise.all(waiting.slice(0, AT_ONCE).map(one));
    const now = found.filter((stack) => stack !== undefined);
    read.push(...now);
    // Of a whole account all are listed.
    const within = only === undefined ? [] : now.flatMap(({ nested }) => nested);
    waiting = [...waiting.slice(AT_ONCE), ...within];
  }
  if (only !== undefined && read.length + unread.length === 0)
    throw new HoldshortError('not_found', `there is no stack ${only} here`, 'check its name, and --region');
  return { stacks: read.length, unread, namings: await named(read, readers, MOST_REQUESTS - sent()) };
}

async function standing({ cloudformation }: Readers): Promise<readonly string[]> {
  const statuses = STANDING;
  const all = await every('ListStacks', async (cursor) =>
    cloudformation.stacks({ statuses, ...(cursor === undefined ? {} : { cursor }) }),
  );
  return all.map(({ stack_id }) => stack_id).sort();
}

/** Why it couldn't be read, in words that may repeat what AWS says. */
async function attempt(
  name: string,
  readers: Readers,
  known: Knowledge,
  exports: () => Promise<ReadonlyMap<string, string>>,
  sent: () => number,
): Promise<ReadStack | undefined | string> {
  if (sent() >= MOST_REQUESTS) return `it would take more than ${MOST_REQUESTS} requests; scan it alone with --stack`;
  try {
    return await readStack(name, readers, known, exports);
  } catch (error) {
    if (error instanceof HoldshortError) return error.message;
    throw error;
  }
}

/** Asked for once, when they are first needed. */
function exportsOf({ cloudformation }: Readers): () => Promise<ReadonlyMap<string, string>> {
  let asked: Promise<ReadonlyMap<string, string>> | undefined;
  return async () => {
    asked ??= every('ListExports', (cursor) => cloudformation.exports(cursor)).then(async (all) => {
      const values = new Map<string, string>();
      for (const one of all) values.set(one.name, await cloudformation.exportValue(one));
      return values;
    });
    return await asked;
  };
}

async function named(read: readonly ReadStack[], readers: Readers, most: number): Promise<readonly Naming[]> {
  const all = read.flatMap(({ stack, reached }) =>
    askedOf(reached, readers.caller).map((one): Naming => ({ stack, reached: one })),
  );
  const things = new Map<string, NamedThing>();
  for (const { reached } of all) if (reached.name !== undefined) things.set(keyOf(reached), thingNamed(reached));
  const { things: found } = await readers.ownership.find([...things.values()], [], Math.max(0, most));
  const byKey = new Map([...things.keys()].map((key, at) => [key, found[at]] as const));
  return all.map((one) => {
    const thing = one.reached.name === undefined ? undefined : byKey.get(keyOf(one.reached));
    return thing ? { ...one, found: thing } : one;
  });
}

function keyOf(reached: Reached): string {
  const { name, type = '' } = thingNamed(reached);
  return `${type} ${name}`;
}
