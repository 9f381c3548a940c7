import { altered, type Believed, judge, type Unplanned } from '../../src/audit/believe.ts';
import type { PlanRecord } from '../../src/kernel/plan.ts';
import { resolutionIn, resolutionText } from '../../src/kernel/resolution.ts';
import { safeText, shortName } from '../../src/kernel/safe-text.ts';
import type { TicketId } from '../../src/kernel/ticket.ts';
import { actionOf } from '../../src/kernel/tool-name.ts';
import { waitingText } from '../../src/kernel/waiting.ts';
import type { ShortageText } from '../../src/policy/shortage-text.ts';
import { wrap } from '../../src/present/wrap.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { type Paint, PLAIN, usableWidth } from './layout.ts';
import { begunAtText, outside, shortDurationText } from './words.ts';

/** A ticket in a list. */
export interface ListedTicket {
  readonly ticket: Believed | Unplanned;
  /** Why nobody who is enrolled could approve it. */
  readonly shortage?: ShortageText;
}

/** A ticket of which nothing can be told: it is not what the log says it is. */
export interface Altered {
  readonly altered: TicketId;
  readonly problem: string;
}

export type Listed = ListedTicket | Altered;

/** A damaged ticket must not hide the others: it is listed as what it is. */
export function listed(stored: StoredTicket): Listed {
  const belief = judge(stored);
  if (belief.kind !== 'altered') return { ticket: belief.ticket };
  return { altered: belief.id, problem: altered(belief.id, belief.problem).message };
}

export function isListedTicket(one: Listed): one is ListedTicket {
  return 'ticket' in one;
}

const SHORT_ID = 12;

/** Characters of what stands below a ticket's line: why it waits may be told by AWS, and the others are to be seen. */
const MOST_BELOW = 400;

/**
 * One line a ticket, as they come, and below it, set in, what keeps it. Ids are shortened as far as they stay apart in
 * this list; commands take such a beginning.
 */
export function listText(
  tickets: readonly Listed[],
  view: { width: number; now: Date; paint?: Paint | undefined },
): string {
  const paint = view.paint ?? PLAIN;
  // What can't be believed is on top.
  const damaged = tickets.flatMap((one) => (isListedTicket(one) ? [] : [one.altered]));
  const grouped = byAgent(tickets.filter(isListedTicket));
  const ids = shortIds([...damaged, ...grouped.map(({ ticket }) => ticket.id)]);
  const idWidth = Math.max(SHORT_ID, ...ids.map((id) => id.length));
  const row = (id: string, state: string, left: string, environment: string, worst: string, what: string) =>
    `${id.padEnd(idWidth)}  ${state.padEnd(9)} ${left.padEnd(7)} ${environment.padEnd(11)} ${worst.padEnd(7)} ${what}`;
  const room = usableWidth(view.width) - row('', '', '', '', '', '').length;
  const tampered = damaged.map((id, at) =>
    paint.danger(row(ids[at] ?? id, 'TAMPERED', '', '', '', oneLine('see audit verify', room))),
  );
  const lines = grouped.map(({ ticket, shortage }, at) => {
    const { plan } = ticket;
    const id = ids[damaged.length + at] ?? ticket.id;
    if (!plan) return row(id, ticket.state, '', '', '', oneLine(safeText(actionOf(ticket.draft.tool)), room));
    const left = Date.parse(plan.expires_at) - view.now.getTime();
    const open = ticket.state === 'pending' || ticket.state === 'approved';
    const state = open && left <= 0 ? 'expired' : ticket.state;
    const time = open && left > 0 ? shortDurationText(left) : '';
    const action = safeText(actionOf(plan.tool)).replace(/^.*:/, '');
    const target = targetNames(plan, room);
    // Where there isn't room for both, the action gives way: tickets are told apart by their targets.
    const what = target.length + action.length < room ? `${target} ${action}` : target;
    const line = row(id, state, time, plan.environment, plan.effects[0] ?? 'unknown', what);
    const setIn = ' '.repeat(idWidth + 2);
    const below = (text: string) =>
      wrap(outside(text, MOST_BELOW), usableWidth(view.width) - setIn.length)
        .map((part) => `\n${setIn}${part.trimEnd()}`)
        .join('');
    if (ticket.waiting && (state === 'approved' || state === 'executing'))
      return `${line}${below(`waiting: ${waitingText(ticket.waiting)}`)}`;
    const begun = begunAtText(ticket);
    if (begun !== undefined) return `${line}${below(begun)}`;
    const word = resolutionIn(ticket.resolution);
    // A long name must not push out what it says.
    if (word) return `${line}${below(resolutionText({ ...word, by: shortName(word.by, 16) }))}`;
    const short = shortage ? paint.caution(below(`nobody can approve it: ${shortage.cause}`)) : '';
    return ticket.state === 'pending' ? `${paint.strong(line)}${short}` : line;
  });
  const heading = paint.quiet(row('TICKET', 'STATE', 'LEFT', 'ENVIRONMENT', 'WORST', 'TARGET, ACTION'));
  return [heading, ...tampered, ...underAgents(grouped, lines, usableWidth(view.width), paint)].join('\n');
}

/** What waits comes first, and in it the tickets of one agent stand together: who asks for much is seen at once. */
function byAgent(tickets: readonly ListedTicket[]): readonly ListedTicket[] {
  const agents = [...new Set(tickets.map(({ ticket }) => ticket.draft.agent))];
  const waits = ({ ticket }: ListedTicket) => ticket.state === 'pending';
  const grouped = agents.flatMap((agent) => tickets.filter((one) => waits(one) && one.ticket.draft.agent === agent));
  return [...grouped, ...tickets.filter((one) => !waits(one))];
}

/** Where several agents wait, each one's tickets are under its name. */
function underAgents(
  tickets: readonly ListedTicket[],
  lines: readonly string[],
  width: number,
  paint: Paint,
): readonly string[] {
  const waiting = tickets.filter(({ ticket }) => ticket.state === 'pending').map(({ ticket }) => ticket.draft.agent);
  if (new Set(waiting).size < 2) return lines;
  return lines.flatMap((line, at) => {
    const agent = waiting[at];
    if (at === waiting.length) return [paint.quiet('decided and done'), line];
    if (agent === undefined || agent === waiting[at - 1]) return [line];
    const count = waiting.filter((one) => one === agent).length;
    // It begins where our own lines do, so it must never wrap.
    const waits = `, ${count} waiting`;
    const name = shortName(agent, width - 'agent '.length - waits.length);
    return [paint.quiet(`agent ${name}${waits}`), line];
  });
}

/** The first target's name, and how many more there are however long it is; `tickets show` has the whole. */
function targetNames({ targets: [first, ...others] }: PlanRecord, room: number): string {
  const more = others.length > 0 ? ` +${others.length}` : '';
  return `${first ? shortName(first.name, room - more.length) : '(no target)'}${more}`;
}

/** One line's worth of safe text, and how many characters there are beyond it. */
function oneLine(safe: string, room: number): string {
  if (safe.length <= room) return safe;
  const more = (shown: number) => `...+${safe.length - shown}`;
  const shown = Math.max(0, room - more(0).length);
  return `${safe.slice(0, shown)}${more(shown)}`;
}

function shortIds(ids: readonly string[]): readonly string[] {
  for (let length = SHORT_ID; length < 24; length += 2) {
    const short = ids.map((id) => id.slice(0, length));
    if (new Set(short).size === ids.length) return short;
  }
  return ids;
}
