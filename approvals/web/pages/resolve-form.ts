import { mayArriveUntil } from '../../../src/kernel/arrival.ts';
import { evidenceOf, isTooEarly, whyNotHeard } from '../../../src/kernel/resolution.ts';
import { type Assessment, hearingOf, whoIs } from '../../tickets/assess.ts';
import type { PasskeyHere } from '../context.ts';
import { type Html, html, NOTHING } from '../html.ts';
import { signerChoice } from './choice.ts';

/**
 * Where a person says what became of a ticket of which AWS's records can't tell; only for those whose word would count.
 * It is about what the page showed when it was loaded: nothing follows the ticket in it, so that nothing that an
 * executor sees later is signed for. What nobody may say yet isn't offered.
 */
export function resolveForm(assessment: Assessment, keys: readonly PasskeyHere[]): Html {
  const { enrolled, state, ticket } = assessment;
  if (state !== 'unknown') return NOTHING;
  const early = isTooEarly({ happened: false }, mayArriveUntil(ticket.intent), enrolled.at);
  const hearing = hearingOf(assessment);
  const heard = keys.filter(
    ({ name, maxAssurance: assurance, role }) => !whyNotHeard({ ...whoIs(assessment, name), assurance, role }, hearing),
  );
  const body =
    heard.length === 0
      ? html`<p>${hearing.operators.anyone ? 'An admin to whom the login was never bound' : 'Somebody whom the agent does not work for'}, in a terminal: <code class="command">holdshort tickets resolve ${ticket.id} <span class="whole">--as-happened</span> <span class="whole">--reason</span> TEXT</code></p>`
      : html`<form data-asks="/tickets/${ticket.id}/resolve/question" data-answers="/tickets/${ticket.id}/resolve/answer" data-seen="${evidenceOf(ticket.result)}">
<p><label for="resolve-key">Sign with the passkey of</label>
${signerChoice('resolve-key', heard)}</p>
<p><label for="resolve-why">What you looked at, and saw <span class="note">(everybody reads it)</span></label>
<textarea id="resolve-why" name="reason" rows="2" maxlength="2000"></textarea></p>
<p class="buttons"><button type="submit" value="happened" class="approve" disabled>It happened</button>${early ? NOTHING : html` <button type="submit" value="not_happened" class="deny" disabled>It did not happen</button>`}</p>
${early ? html`<p class="note">That it did not happen can be said once AWS takes its request no more (above): load this page again then.</p>` : NOTHING}
<p class="note">It is shown as your word, not as AWS's, ever after. Calls about the same are not held up for this ticket any more.</p>
<p class="said" role="status"></p>
</form>`;
  return html`<section class="decide" aria-labelledby="resolve"><h2 id="resolve">Look at AWS: what became of it?</h2>
${body}
</section>
`;
}
