import type { PlanRecord } from '../../../src/kernel/plan.ts';
import type { PriorRead } from '../../../src/store/port.ts';
import { goesOnText } from '../../render/goes-on.ts';
import { rehearsalTexts } from '../../render/rehearsal.ts';
import { BETWEEN_STEPS, stepLines, stepsText } from '../../render/steps.ts';
import { type UndoText, undoTexts } from '../../render/undo.ts';
import { actionText, outside, quoted, timeText } from '../../render/words.ts';
import type { Assessment } from '../../tickets/assess.ts';
import type { PasskeyHere } from '../context.ts';
import { type Html, html, NOTHING } from '../html.ts';
import type { PageLinks } from '../links.ts';
import { blastRadius } from './blast-radius.ts';
import { decideForm } from './decide-form.ts';
import { circumstances, facts, stateMark } from './facts.ts';
import { framePage, haltBanner, type Live } from './frame.ts';
import { allTargets, impactTable } from './impact.ts';
import { headline, isOver, nextText } from './progress.ts';
import { reviewForm } from './review-form.ts';

interface ChangingView {
  readonly links: PageLinks;
  readonly now: Date;
  /** Passkeys that may sign on this page. */
  readonly keys: readonly PasskeyHere[];
}

interface TicketView extends ChangingView {
  /** What the agent read before it asked, newest first. */
  readonly reads: readonly PriorRead[];
}

/**
 * A ticket as the approver reads it: what decides first, then the picture, each resource, what planning recorded, what
 * the agent had seen, and last what the agent says.
 */
export function ticketPage(assessment: Assessment, { links, now, reads, keys }: TicketView): Html {
  const { plan } = assessment;
  return framePage(
    titleOf(assessment),
    html`<div data-live="halt">${haltBanner(assessment.enrolled.halt)}</div>${facts(assessment, now)}
<p class="jump"><a href="#decide">To the decision</a></p>
${circumstances(assessment)}
<section aria-labelledby="blast"><h2 id="blast">Blast radius</h2>
${blastRadius(plan)}
</section>
<section aria-labelledby="impact"><h2 id="impact">What would happen</h2>
${impactTable(plan)}
</section>
${stepList(plan)}${lists(undoTexts(plan), 'undo')}${lists(rehearsalTexts({ plan }), 'rehearsal')}${rehearsed(assessment)}${allTargets(plan)}
${recorded(plan)}
${readBefore(reads)}
<section aria-labelledby="reason"><h2 id="reason">What the agent says</h2>
<p class="note">Its own words: not checked, and deciding nothing.</p>
<blockquote><p>${quoted(plan.reason, 2000)}</p></blockquote>
</section>
<div data-live="review">${reviewForm(assessment, keys)}</div>
${decideForm(assessment, keys, links)}`,
    { live: liveOf(assessment) },
  );
}

/**
 * Only what changes while a ticket's page is open, for that page. The plan isn't in it: who asks for this doesn't look
 * at the ticket.
 */
export function ticketChanges(assessment: Assessment, { links, now, keys }: ChangingView): Html {
  return framePage(
    titleOf(assessment),
    html`<div data-live="halt">${haltBanner(assessment.enrolled.halt)}</div>
${stateMark(assessment, now)}
${circumstances(assessment)}
${rehearsed(assessment)}
<div data-live="review">${reviewForm(assessment, keys)}</div>
${decideForm(assessment, keys, links)}`,
    { live: liveOf(assessment) },
  );
}

function titleOf({ state, plan }: Assessment): string {
  return `${state}: ${actionText(plan)} in ${plan.environment}`;
}

function liveOf(assessment: Assessment): Live {
  const now = `${headline(assessment)}. ${nextText(assessment)}`;
  return { from: `/tickets/${assessment.ticket.id}/changes`, now, over: isOver(assessment), digest: assessment.digest };
}

/** The requests, where the change takes several. */
function stepList(plan: PlanRecord): Html {
  const text = stepsText(plan);
  if (text === undefined) return NOTHING;
  return html`<section aria-labelledby="steps"><h2 id="steps">${text}</h2>
<ul class="details">${stepLines(plan).map((line) => html`<li>${line}</li>`)}</ul>
<p class="note">${BETWEEN_STEPS}</p>
</section>
`;
}

/** A person may have one made while the page is open; the agent's is in the plan. */
function rehearsed({ ticket }: Assessment): Html {
  const texts = rehearsalTexts({ plan: {}, rehearsed: ticket.rehearsed });
  return html`<div data-live="rehearsed">${lists(texts, 'rehearsed')}</div>
`;
}

/** What could be brought back, and what this brings back; what came of rehearsals. */
function lists(texts: readonly UndoText[], name: string): readonly Html[] {
  return texts.map(
    ({ heading, lines }, at) => html`<section aria-labelledby="${name}-${at}"><h2 id="${name}-${at}">${heading}</h2>
<ul class="details">${lines.map((line) => html`<li>${line}</li>`)}</ul>
</section>
`,
  );
}

function recorded(plan: PlanRecord): Html {
  const fact = (what: string, value: string) => html`<div><dt>${what}</dt><dd>${value}</dd></div>
`;
  const given = Object.entries(plan.arguments);
  const shown = given.slice(0, 20);
  return html`<section aria-labelledby="recorded"><h2 id="recorded">Recorded by planning</h2>
<dl class="recorded">
${fact('summary', outside(plan.summary, 300))}${shown.map(([key, value]) => fact(outside(key, 40), outside(JSON.stringify(value) ?? 'null', 300)))}${given.length > shown.length ? fact('more', `${given.length - shown.length} more arguments: holdshort tickets show --json`) : NOTHING}${plan.made ? fact(plan.made.what, outside(plan.made.id, 220)) : NOTHING}${plan.goes_on ? fact('done as', goesOnText(plan.goes_on)) : NOTHING}${fact('planned as', outside(plan.caller_arn, 220))}${fact('planned at', `${timeText(plan.created_at)}, by ${outside(plan.software, 60)}`)}</dl>
</section>
`;
}

/** From the log, not from the agent: what it had looked at, and with which arguments. */
function readBefore(reads: readonly PriorRead[]): Html {
  const row = ({ at, tool, arguments: given }: PriorRead) =>
    html`<li><time>${timeText(at)}</time> <code>${outside(tool, 64)}</code> <code class="given">${outside(JSON.stringify(given) ?? '', 200)}</code></li>
`;
  return html`<section aria-labelledby="reads"><h2 id="reads">What the agent read before it asked</h2>
${
  reads.length === 0
    ? html`<p>Nothing: in this session it asked without looking.</p>`
    : html`<p class="note">The newest ${reads.length} reads of its session, from the log.</p><ol class="reads">
${reads.map(row)}</ol>`
}
</section>
`;
}
