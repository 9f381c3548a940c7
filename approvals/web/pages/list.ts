import type { Registry } from '../../../src/kernel/approvers.ts';
import { ENVIRONMENTS } from '../../../src/kernel/environment.ts';
import type { Refusal } from '../../../src/kernel/errors.ts';
import type { Halt } from '../../../src/kernel/halt.ts';
import type { PlanRecord } from '../../../src/kernel/plan.ts';
import type { TicketId } from '../../../src/kernel/ticket.ts';
import { actionOf } from '../../../src/kernel/tool-name.ts';
import { waitingText } from '../../../src/kernel/waiting.ts';
import { isListedTicket, type Listed, type ListedTicket } from '../../render/list.ts';
import { actionText, begunAtText, durationText, nameText, number, outside, timeText } from '../../render/words.ts';
import type { Shout } from '../../tickets/broken-glass.ts';
import { type Html, html, NOTHING } from '../html.ts';
import type { PageLinks } from '../links.ts';
import { effectMark } from './effect-mark.ts';
import { framePage, haltBanner, logBanner, shoutBanner } from './frame.ts';
import { replacedBanner } from './recovery.ts';

interface ListView {
  readonly links: PageLinks;
  readonly now: Date;
  readonly halt: Halt | undefined;
  readonly problem: Refusal | undefined;
  readonly registry: Registry;
  readonly shout: Shout;
  /** What doesn't wait for anyone: first what isn't over. */
  readonly settled: readonly Listed[];
  /** Older ones are not on the page. */
  readonly more: boolean;
}

/** What waits for a decision, by agent; production first, then what ends soonest. */
export function listPage(tickets: readonly Listed[], view: ListView): Html {
  // Of what was altered nobody knows whether it waits.
  const waiting = tickets.filter(isListedTicket);
  const byAgent = Map.groupBy(waiting, ({ ticket }) => ticket.draft.agent);
  const mostUrgent = (group: readonly ListedTicket[]) => Math.min(...group.map(rank));
  const inOrder = [...byAgent].sort(([, a], [, b]) => mostUrgent(a) - mostUrgent(b));
  const groups = inOrder.map(([agent, group], at) => agentGroup(agent, group, at, view));
  const some = waiting.length === 1 ? '1 ticket waits' : `${number(waiting.length)} tickets wait`;
  const altered = tickets.flatMap((one) => (isListedTicket(one) ? [] : [one.altered]));
  // An attacker who writes the database must not calm a person who only sees the tab's title, or hears the page.
  const first =
    altered.length === 0 ? '' : `${altered.length === 1 ? '1 ticket' : `${number(altered.length)} tickets`} altered. `;
  const none = altered.length === 0 ? 'Nothing waits' : 'Nothing else waits';
  const count = `${first}${waiting.length === 0 ? none : some}`;
  return framePage(
    count,
    html`${logBanner(view.problem)}${haltBanner(view.halt)}${shoutBanner(view.shout, view.links)}${replacedBanner(view.registry)}
<h1>${count} for a decision</h1>
${view.more ? html`<p>The newest ${number(tickets.length)}; there are more.</p>` : NOTHING}
${alteredTable(altered)}${groups}
${settledTable(view)}
<p class="foot"><a href="${view.links.enroll()}">Register a passkey</a></p>`,
    { live: { from: '/', now: `${count} for a decision.`, over: false, whole: true } },
  );
}

function agentGroup(agent: string, group: readonly ListedTicket[], at: number, view: ListView): Html {
  const inOrder = [...group].sort((a, b) => rank(a) - rank(b) || left(a, view.now) - left(b, view.now));
  return html`<section aria-labelledby="agent-${at}">
<h2 id="agent-${at}">Agent ${nameText(agent, 64)}: ${number(group.length)} ${group.length === 1 ? 'ticket' : 'tickets'}</h2>
<table class="waiting">
<thead><tr><th scope="col">Target</th><th scope="col">Worst effect</th><th scope="col">Action</th><th scope="col">Environment</th><th scope="col">Time left</th></tr></thead>
<tbody>
${inOrder.map((one) => ticketRow(one, view))}
</tbody>
</table>
</section>
`;
}

function ticketRow({ ticket, shortage }: ListedTicket, { links, now }: ListView): Html {
  const { plan } = ticket;
  if (!plan)
    return html`<tr><th scope="row">${ticket.id}</th><td colspan="4"><strong class="danger">It has no plan</strong></td></tr>
`;
  const ms = Date.parse(plan.expires_at) - now.getTime();
  return html`<tr><th scope="row"><a href="${links.ticket(ticket.id)}">${targetText(plan)}</a>${shortage ? html`<br><span class="caution">Nobody can approve it: ${outside(shortage.cause, 300)}</span>` : NOTHING}</th><td>${effectMark(plan.effects[0] ?? 'unknown')}</td><td><code>${actionText(plan)}</code></td><td><span class="environment ${plan.environment}">${plan.environment}</span></td><td>${ms > 0 ? durationText(ms) : 'expired'}</td></tr>
`;
}

/** What can't be believed is on top, and nothing of it is told: who asked for it, neither. */
function alteredTable(ids: readonly TicketId[]): Html {
  if (ids.length === 0) return NOTHING;
  return html`<section aria-labelledby="altered">
<h2 id="altered">Altered in the database: ${number(ids.length)} ${ids.length === 1 ? 'ticket' : 'tickets'}</h2>
<table class="waiting">
<tbody>
${ids.map(
  (
    id,
  ) => html`<tr><th scope="row">${id}</th><td><strong class="danger">Tampered with: do not decide it, run <code class="command">holdshort audit verify</code></strong></td></tr>
`,
)}
</tbody>
</table>
</section>
`;
}

/** What an approver did, to be found again: as long as it hasn't begun, it can be stopped there. */
function settledTable(view: ListView): Html {
  const { settled } = view;
  if (settled.length === 0) return NOTHING;
  return html`<section aria-labelledby="settled">
<h2 id="settled">No longer waiting</h2>
<table class="waiting">
<thead><tr><th scope="col">Target</th><th scope="col">State</th><th scope="col">Action</th><th scope="col">Environment</th><th scope="col">Ended</th></tr></thead>
<tbody>
${settled.map((one) => settledRow(one, view))}
</tbody>
</table>
<p class="note">Of what ended, the newest. More: <code class="command">holdshort tickets list</code></p>
</section>
`;
}

function settledRow(one: Listed, { links, now }: ListView): Html {
  if (!isListedTicket(one))
    return html`<tr><th scope="row">${one.altered}</th><td><strong class="danger">tampered with</strong></td><td></td><td></td><td></td></tr>
`;
  const { ticket } = one;
  const { plan, finished_at } = ticket;
  const late = ticket.state === 'approved' && plan !== undefined && Date.parse(plan.expires_at) <= now.getTime();
  const state = late ? 'expired' : ticket.state;
  const action = html`<code>${plan ? actionText(plan) : actionOf(ticket.draft.tool)}</code>`;
  const waits =
    ticket.waiting && !late
      ? html`<br><span class="caution">It waits: ${outside(waitingText(ticket.waiting), 300)}</span>`
      : NOTHING;
  const ended = finished_at ? timeText(finished_at) : (begunAtText(ticket) ?? 'not yet');
  if (!plan)
    return html`<tr><th scope="row">${ticket.id}</th><td>${state}</td><td>${action}</td><td></td><td>${ended}</td></tr>
`;
  return html`<tr><th scope="row"><a href="${links.decided(ticket.id)}">${targetText(plan)}</a></th><td>${state}${waits}</td><td>${action}</td><td><span class="environment ${plan.environment}">${plan.environment}</span></td><td>${ended}</td></tr>
`;
}

function targetText({ targets: [first, ...others] }: PlanRecord): string {
  const more = others.length > 0 ? ` and ${number(others.length)} more` : '';
  return `${first ? nameText(first.name, 80) : '(no target)'}${more}`;
}

function rank({ ticket: { plan } }: ListedTicket): number {
  return plan ? -ENVIRONMENTS.indexOf(plan.environment) : -ENVIRONMENTS.length;
}

function left({ ticket: { plan } }: ListedTicket, now: Date): number {
  return plan ? Date.parse(plan.expires_at) - now.getTime() : 0;
}
