import type { Assessment } from '../../tickets/assess.ts';
import type { PasskeyHere } from '../context.ts';
import { type Html, html, NOTHING } from '../html.ts';
import { signerChoice } from './choice.ts';

/**
 * Where a second person says that they have looked; there only as long as nobody has, and never for the one who broke
 * the glass.
 */
export function reviewForm({ glass, ticket }: Assessment, keys: readonly PasskeyHere[]): Html {
  if (glass.broken.length === 0 || glass.reviewedBy !== undefined) return NOTHING;
  const others = keys.filter(({ name }) => glass.broken.every(({ by }) => by !== name));
  const body =
    others.length === 0
      ? html`<p>In a terminal: <code class="command">holdshort tickets review ${ticket.id}</code></p>`
      : html`<form data-asks="/tickets/${ticket.id}/review/question" data-answers="/tickets/${ticket.id}/review/answer">
<p><label for="review-key">Sign with the passkey of</label>
${signerChoice('review-key', others)}</p>
<p><label for="review-why">What you think of it <span class="note">(for the log)</span></label>
<textarea id="review-why" name="reason" rows="2" maxlength="2000"></textarea></p>
<p class="buttons"><button type="submit" value="review" class="approve" disabled>I have reviewed it</button></p>
<p class="said" role="status"></p>
</form>`;
  return html`<section class="decide" aria-labelledby="review"><h2 id="review">The glass was broken: a second person looks</h2>
${body}
</section>`;
}
