import type { PageLinks } from '../../links.ts';
import { type Review, whoIs } from '../../review.ts';
import type { PasskeyHere } from '../context.ts';
import { type Html, html, NOTHING } from '../html.ts';

/** Where the person decides. What is sent from here says only which way and with which key; the statement is made by the server. */
export function decideForm(review: Review, keys: readonly PasskeyHere[], links: PageLinks): Html {
  const { state, ticket } = review;
  const body = (() => {
    if (state !== 'pending' && state !== 'approved')
      return html`<p>It is ${state}: there is nothing to decide any more. <a href="${links.decided(ticket.id)}">What became of it</a></p>`;
    if (keys.length === 0) return withoutKey(ticket.id);
    return form(review, keys);
  })();
  return html`<section class="decide" aria-labelledby="decide"><h2 id="decide" tabindex="-1">Decide</h2>
${body}
</section>`;
}

function withoutKey(id: string): Html {
  return html`<p>No passkey is enrolled for this page yet. Register one at the second address that <code>holdshort web</code> prints, and let an admin enroll it.</p>
<p>In a terminal, where the ticket needs no more: <code>holdshort approve ${id}</code></p>`;
}

function form(review: Review, keys: readonly PasskeyHere[]): Html {
  const { state, digest, ticket } = review;
  const alone = state === 'pending' && keys.some((key) => mayBreakGlass(review, key));
  return html`<form data-asks="/tickets/${ticket.id}/question" data-answers="/tickets/${ticket.id}/answer" data-digest="${digest}">
<p><label for="key">Sign with the passkey of</label>
<select id="key" name="key">
${keys.map(
  ({ id, name, maxAssurance }) => html`<option value="${id}">${name} - ${maxAssurance} - ${id.slice(0, 17)}</option>
`,
)}</select></p>
<p><label for="why">Reason <span class="note">(for a denial it is needed: the agent reads it)</span></label>
<textarea id="why" name="reason" rows="2" maxlength="2000"></textarea></p>
<p class="buttons">${state === 'pending' ? html`<button type="submit" name="decision" value="approve" class="approve" disabled>Approve exactly this</button> ` : NOTHING}<button type="submit" name="decision" value="deny" class="deny" disabled>Deny</button>${alone ? html` <button type="submit" name="decision" value="break_glass" class="deny" disabled>Break the glass: approve alone</button>` : NOTHING}</p>
${alone ? html`<p class="caution">Breaking the glass needs a reason and stands for 15 minutes. Every listing says so until somebody else has reviewed it.</p>` : NOTHING}
<p class="said" role="status"></p>
<noscript><p class="caution">Deciding here needs JavaScript; reading doesn't. In a terminal: <code>holdshort tickets show ${ticket.id}</code></p></noscript>
<p class="note">Your passkey signs the digest above. Exactly that runs, once, after everything was checked again.</p>
</form>`;
}

/** Only where policy names this passkey's owner, and a plain approval isn't enough. */
function mayBreakGlass(review: Review, { name, maxAssurance: assurance }: PasskeyHere): boolean {
  const approval = { ...whoIs(review, name), assurance };
  return !review.wouldRun(approval, 'plainly') && review.wouldRun(approval, 'breaking glass');
}
