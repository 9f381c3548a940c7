import type { Impact } from '../../../src/kernel/plan.ts';
import type { Readers } from '../../define.ts';
import type { StackEvent } from '../../ports/cloudformation.ts';
import { pages } from '../../ports/pages.ts';
import { NESTED_STACK } from '../stack/inventory.ts';
import { isOfStack } from '../stack/operation-events.ts';
import { rolledBack, type Touched } from './rolled-back.ts';

/** A stack at rest: everything before is what a rollback goes back to. */
const STABLE = /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$/;
/** The stack is put back: what then completes is done. */
const ROLLING_BACK = /^(UPDATE_ROLLBACK|ROLLBACK)_IN_PROGRESS$/;
const PAGES = 100;
const LEVELS = 8;

/**
 * A line for each resource that was touched since the stack was last at rest and isn't put back yet, those in nested
 * stacks too: what a rollback has before it. From the events: AWS lists it nowhere else. In the order of their ids, so
 * that the same state gives the same list.
 * @param skipped as ContinueUpdateRollback names them: those have lines of their own
 */
export async function touchedLines(
  stackId: string,
  readers: Readers,
  skipped: readonly string[] = [],
): Promise<readonly Impact[]> {
  const { events, whole } = await sinceRest(stackId, readers);
  const [first] = events;
  if (!first) return [];
  const lines = await linesOf({ stackId, path: [], since: first.at, skipped }, events, readers);
  return whole ? lines : [untold(stackId, `it has more than ${PAGES} pages of events since it was complete`), ...lines];
}

interface Level {
  readonly stackId: string;
  /** Logical ids of the nested stacks around it, outermost first. */
  readonly path: readonly string[];
  /** When the operation on the outermost stack began: a nested one comes to rest before it. */
  readonly since: string;
  readonly skipped: readonly string[];
}

async function linesOf(level: Level, events: readonly StackEvent[], readers: Readers): Promise<readonly Impact[]> {
  const { cloudformation } = readers;
  const { stackId, path, since, skipped } = level;
  const { resources } = await cloudformation.template(stackId);
  const lines: Impact[] = [];
  for (const one of touchedOf(stackId, events)) {
    const name = path.length === 0 ? one.logical_id : `${stackId.split('/')[1]}.${one.logical_id}`;
    if (!skipped.includes(name)) lines.push(rolledBack(one, resources[one.logical_id], path));
    const inner = one.made.at(-1) ?? one.before;
    if (one.type !== NESTED_STACK || !inner?.startsWith('arn:')) continue;
    if (path.length === LEVELS) {
      lines.push(untold(inner, `it is nested more than ${LEVELS} levels deep`));
      continue;
    }
    if (!(await cloudformation.stack(inner))) continue;
    const within = [...(await cloudformation.events(inner, since))].reverse();
    lines.push(...(await linesOf({ ...level, stackId: inner, path: [...path, one.logical_id] }, within, readers)));
  }
  return lines;
}

function touchedOf(stackId: string, oldestFirst: readonly StackEvent[]): readonly Touched[] {
  const byResource = new Map<string, StackEvent[]>();
  const back = new Set<string>();
  let rollingBack = false;
  for (const event of oldestFirst) {
    if (isOfStack(event, stackId)) rollingBack ||= ROLLING_BACK.test(event.status);
    else {
      byResource.set(event.logical_id, [...(byResource.get(event.logical_id) ?? []), event]);
      if (rollingBack && /_(COMPLETE|SKIPPED)$/.test(event.status)) back.add(event.logical_id);
      else if (rollingBack) back.delete(event.logical_id);
    }
  }
  return [...byResource]
    .filter(([id]) => !back.has(id))
    .flatMap(([id, events]) => touchedBy(id, events))
    .sort((a, b) => (a.logical_id < b.logical_id ? -1 : 1));
}

/** Oldest first; not the whole where there are more than anyone would read. */
async function sinceRest(stackId: string, { cloudformation }: Readers) {
  const newestFirst: StackEvent[] = [];
  let count = 0;
  for await (const events of pages('DescribeStackEvents', (cursor) => cloudformation.eventPage(stackId, cursor))) {
    if (++count > PAGES) return { events: newestFirst.reverse(), whole: false };
    const rest = events.findIndex((event) => isOfStack(event, stackId) && STABLE.test(event.status));
    newestFirst.push(...(rest < 0 ? events : events.slice(0, rest)));
    if (rest >= 0) break;
  }
  return { events: newestFirst.reverse(), whole: true };
}

function untold(stackId: string, why: string): Impact {
  const detail = `what else is rolled back in ${stackId} can not be told: ${why}`;
  return { resource: stackId, type: NESTED_STACK, effect: 'unknown', detail, recoverable: false };
}

/** An update's first event of a resource has the physical id of before; a creation's has none. */
function touchedBy(logical_id: string, events: readonly StackEvent[]): readonly Touched[] {
  const [first] = events;
  const last = events.at(-1);
  if (!first || !last) return [];
  const ids = new Set(events.flatMap(({ physical_id }) => (physical_id ? [physical_id] : [])));
  const before = first.status.startsWith('CREATE_') ? undefined : first.physical_id;
  const made = [...ids].filter((id) => id !== before);
  const change = before === undefined ? 'created' : made.length > 0 ? 'replaced' : 'updated';
  // Nothing was made: the creation failed at once.
  if (change === 'created' && made.length === 0) return [];
  return [{ logical_id, type: last.type, made, before, change, status: last.status }];
}
