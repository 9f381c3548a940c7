import type { PageLinks } from '../../links.ts';
import { glassText } from '../../render/glass.ts';
import { outcomeLines } from '../../render/outcome.ts';
import { actionText, impactSentence, nameText, outside, timeText } from '../../render/words.ts';
import type { Review } from '../../review.ts';
import { type Html, html, NOTHING } from '../html.ts';
import { framePage, haltBanner } from './frame.ts';

/** What became of a ticket, and what comes next. */
export function decidedPage(review: Review, { links }: { readonly links: PageLinks; readonly now: Date }): Html {
  const { plan, ticket, counted, digest } = review;
  const outcome = outcomeLines(ticket);
  const glass = glassText(review);
  const [target, ...others] = plan.targets;
  return framePage(
    headline(review),
    html`${haltBanner(review.enrolled.halt)}
<h1>${headline(review)}</h1>
<p class="lead">${next(review)}</p>
${outcome.length > 0 ? html`<section aria-labelledby="outcome"><h2 id="outcome">Outcome</h2><ul class="outcome">${outcome.map((line) => html`<li>${line}</li>`)}</ul></section>` : NOTHING}
<section aria-labelledby="what"><h2 id="what">What was decided on</h2>
<p class="place"><span class="environment ${plan.environment}">${plan.environment}</span> <span>account <strong>${outside(plan.account, 12)}</strong></span> <span><strong>${outside(plan.region, 16)}</strong></span></p>
<p><code>${actionText(plan)}</code> ${impactSentence(plan)}</p>
<p>${target ? nameText(target.name, 128) : 'no target'}${others.length > 0 ? ` and ${others.length} more` : ''}</p>
</section>
<section aria-labelledby="who"><h2 id="who">Who decided</h2>
<ul class="decisions">
${counted.denials.map(({ by, signed_at, assurance, reason }) => html`<li><strong>${by}</strong> denied it (${assurance}), ${timeText(signed_at)}${reason === undefined ? '' : `: ${outside(reason, 2000)}`}</li>`)}
${counted.approvals.map(({ person, assurance }) => html`<li><strong>${person}</strong> approved it (${assurance})</li>`)}
${counted.denials.length + counted.approvals.length === 0 ? html`<li>nobody yet</li>` : NOTHING}
</ul>
${glass === undefined ? NOTHING : html`<p class="banner loud">GLASS BROKEN ${glass}</p>`}
<p class="digest">Digest <code>${digest}</code></p>
</section>
<p class="foot"><a href="${links.ticket(ticket.id)}">The whole ticket</a></p>`,
  );
}

function headline({ state, counted }: Review): string {
  switch (state) {
    case 'pending':
      return counted.approvals.length > 0 ? 'Your approval is recorded; others must join' : 'It waits for a decision';
    case 'approved':
      return 'Approved';
    case 'denied':
      return 'Denied';
    case 'executing':
      return 'Approved, and running';
    case 'succeeded':
      return 'Done';
    case 'failed':
      return 'It failed';
    case 'unknown':
      return "It can't be told whether this happened";
    default:
      return `It is ${state}`;
  }
}

function next({ state, missing }: Review): string {
  switch (state) {
    case 'pending':
      return `It doesn't run yet. Still needed: ${missing ?? 'nothing'}.`;
    case 'approved':
      return 'An executor checks everything again and runs it, once, exactly as shown. Until it begins it can still be denied. Load this page again to see.';
    case 'denied':
      return 'It will never run. The agent is told so, with the reason.';
    case 'executing':
      return 'Load this page again to see how it ends.';
    case 'succeeded':
      return "AWS's own records say that it happened.";
    case 'unknown':
      return 'It is never sent again. Look at AWS.';
    case 'failed':
      return 'What did happen stands below.';
    default:
      return 'It did not run, and will not.';
  }
}
