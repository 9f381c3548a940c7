import { glassText } from '../../render/glass.ts';
import { outcomeLines } from '../../render/outcome.ts';
import { actionText, calledText, impactSentence, nameText, outside, timeText } from '../../render/words.ts';
import type { Assessment } from '../../tickets/assess.ts';
import type { PasskeyHere } from '../context.ts';
import { type Html, html, NOTHING } from '../html.ts';
import type { PageLinks } from '../links.ts';
import { stopForm } from './decide-form.ts';
import { framePage, haltBanner } from './frame.ts';
import { headline, isOver, nextText } from './progress.ts';
import { resolveForm } from './resolve-form.ts';

interface DecidedView {
  readonly links: PageLinks;
  /** Passkeys that may sign on this page. */
  readonly keys: readonly PasskeyHere[];
}

/** What became of a ticket, and what comes next; the browser follows it until it is over. */
export function decidedPage(assessment: Assessment, { links, keys }: DecidedView): Html {
  const { plan, ticket, digest } = assessment;
  const [target, ...others] = plan.targets;
  const [now, next] = [headline(assessment), nextText(assessment)];
  return framePage(
    now,
    html`<div data-live="halt">${haltBanner(assessment.enrolled.halt)}</div>
<div data-live="now"><h1>${now}</h1>
<p class="lead">${next}</p></div>
<div data-live="outcome">${outcome(assessment)}</div>
${resolveForm(assessment, keys)}<section aria-labelledby="what"><h2 id="what">What was decided on</h2>
<p class="place"><span class="environment ${plan.environment}">${plan.environment}</span> <span>account <strong>${outside(plan.account, 12)}</strong>${calledText(plan)}</span> <span><strong>${outside(plan.region, 16)}</strong></span></p>
<p><code>${actionText(plan)}</code> ${impactSentence(plan)}</p>
<p>${target ? nameText(target.name, 128) : 'no target'}${others.length > 0 ? ` and ${others.length} more` : ''}</p>
</section>
<section aria-labelledby="who"><h2 id="who">Who decided</h2>
<div data-live="who">${decisions(assessment)}</div>
<p class="digest">Digest <code>${digest}</code></p>
</section>
${stopForm(assessment, keys)}
<p class="foot"><a href="${links.ticket(ticket.id)}">The whole ticket</a></p>`,
    { live: { from: `/tickets/${ticket.id}/decided`, now: `${now}. ${next}`, over: isOver(assessment), digest } },
  );
}

function outcome({ ticket }: Assessment): Html {
  const lines = outcomeLines(ticket);
  if (lines.length === 0) return NOTHING;
  return html`<section aria-labelledby="outcome"><h2 id="outcome">Outcome</h2><ul class="outcome">${lines.map((line) => html`<li>${line}</li>`)}</ul></section>`;
}

function decisions(assessment: Assessment): Html {
  const { counted } = assessment;
  const glass = glassText(assessment);
  return html`<ul class="decisions">
${counted.denials.map(({ by, signed_at, assurance, reason }) => html`<li><strong>${by}</strong> denied it (${assurance}), ${timeText(signed_at)}${reason === undefined ? '' : `: ${outside(reason, 2000)}`}</li>`)}
${counted.approvals.map(({ person, assurance }) => html`<li><strong>${person}</strong> approved it (${assurance})</li>`)}
${counted.denials.length + counted.approvals.length === 0 ? html`<li>nobody yet</li>` : NOTHING}
</ul>
${glass === undefined ? NOTHING : html`<p class="banner loud">GLASS BROKEN ${glass}</p>`}`;
}
