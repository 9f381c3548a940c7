import { isDestructive } from '../../../src/kernel/effects.ts';
import { identityText, operatorText } from '../../../src/kernel/identity.ts';
import type { PlanRecord } from '../../../src/kernel/plan.ts';
import type { Target } from '../../../src/kernel/target.ts';
import { waitingText } from '../../../src/kernel/waiting.ts';
import { figuresOf } from '../../render/figures.ts';
import { glassText } from '../../render/glass.ts';
import { decisionsText, effectsText, needsText } from '../../render/ticket.ts';
import { undoFact } from '../../render/undo.ts';
import {
  actionText,
  calledText,
  durationText,
  impactSentence,
  nameText,
  number,
  outside,
  timeText,
  whenText,
} from '../../render/words.ts';
import type { Assessment } from '../../tickets/assess.ts';
import { type Html, html, NOTHING } from '../html.ts';

const FIRST_TARGETS = 2;

/**
 * What decides, on the first screen of a phone too: everything here is bounded, and nothing from outside is above it,
 * so that nothing can push it away.
 */
export function facts(assessment: Assessment, now: Date): Html {
  const { plan } = assessment;
  return html`<div class="facts">
<p class="place"><span class="environment ${plan.environment}">${plan.environment}</span> <span>account <strong>${outside(plan.account, 12)}</strong>${calledText(plan)}</span> <span><strong>${outside(plan.region, 16)}</strong></span> ${stateMark(assessment, now)}</p>
<h1><code>${actionText(plan)}</code></h1>
<p class="verdict ${plan.effects.some(isDestructive) ? 'danger' : 'calm'}">${impactSentence(plan)}</p>
${figures(plan)}
${firstTargets(plan.targets)}
</div>
`;
}

function figures(plan: PlanRecord): Html {
  return html`<dl class="figures">
${figuresOf(plan).map(
  ({ what, value, alarming }) =>
    html`<div class="${alarming ? 'figure alarming' : 'figure'}"><dt>${what}</dt><dd>${value}</dd></div>
`,
)}</dl>`;
}

function firstTargets(targets: readonly Target[]): Html {
  if (targets.length === 0) return html`<p class="targets danger">No target that planning could name.</p>`;
  const shown = targets.slice(0, FIRST_TARGETS);
  const more = targets.length - shown.length;
  return html`<ul class="targets" aria-label="${targets.length === 1 ? 'Target' : 'Targets'}">
${shown.map(({ name, id }) => html`<li><strong>${nameText(name, 128)}</strong>${id === name ? NOTHING : html` <code>${outside(id, 225)}</code>`}</li>`)}
${more > 0 ? html`<li class="caution">and ${number(more)} more, listed below</li>` : NOTHING}
</ul>`;
}

/** How the ticket is, and how long it waits. */
export function stateMark(assessment: Assessment, now: Date): Html {
  return html`<span class="state" data-live="state">${stateText(assessment, now)}</span>`;
}

function stateText({ state, plan, ticket }: Assessment, now: Date): string {
  const left = Date.parse(plan.expires_at) - now.getTime();
  if (state === 'pending' || state === 'approved') return `${state}, expires in ${durationText(left)}`;
  return `${state}${whenText(ticket)}`;
}

/** Who asks, what it needs, who decided: after the first screen's worth. */
export function circumstances(assessment: Assessment): Html {
  const { plan, ticket, digest } = assessment;
  const fact = (what: string, value: Html | string) => html`<div><dt>${what}</dt><dd>${value}</dd></div>
`;
  const broken = glassText(assessment);
  const undo = undoFact(plan, ticket);
  return html`<dl class="circumstances" data-live="circumstances">
${broken === undefined ? NOTHING : fact('GLASS BROKEN', html`<strong class="danger">${broken}</strong>`)}${assessment.warnings.map((warning) => fact('Mind', html`<span class="caution">${outside(warning, 200)}</span>`))}${ticket.waiting === undefined ? NOTHING : fact('Waits', html`<span class="caution">${outside(waitingText(ticket.waiting), 500)}</span>`)}${fact('Asked by', `agent ${nameText(plan.agent, 64)}, for ${operatorText(plan, 64)}`)}${plan.identity ? fact('Login', identityText(plan.identity)) : NOTHING}${fact('Needs', needsText(assessment))}${fact('Decisions', decisionsText(assessment))}${fact('Effects', effectsText(plan))}${undo ? fact(...undo) : NOTHING}${fact('Until', timeText(plan.expires_at))}${fact('Ticket', html`<code>${ticket.id}</code>`)}${fact('Digest', html`<code>${digest}</code>`)}</dl>
`;
}
