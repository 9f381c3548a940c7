import type { Registry } from '../../../src/kernel/approvers.ts';
import { madeBy } from '../../people/revoke.ts';
import { keyKind, madeByText } from '../../render/key.ts';
import type { PasskeyHere } from '../context.ts';
import { type Html, html, NOTHING } from '../html.ts';
import { signerChoice } from './choice.ts';

/** Takes a key away, one's own or, as an admin, someone else's. @param signers every passkey that works on this page */
export function revokeSection(registry: Registry, signers: readonly PasskeyHere[]): Html {
  const active = [...registry.keys.values()].filter(({ revokedAt }) => !revokedAt);
  return html`<section aria-labelledby="revoke"><h2 id="revoke">Revoke a key</h2>
<p>One that was lost or stolen. What it approved and hasn't run yet counts no more; what it stopped stays stopped; chat clients' keys that it enrolled go with it. It never comes back. You revoke your own keys; an admin revokes everybody's.</p>
<form data-asks="/enroll/revoke" data-answers="/enroll/revoke/answer" data-revokes>
<p><label for="revoked">The key</label>
<select id="revoked" name="revoked" required>
<option value="">choose one</option>
${active.map((key) => html`<option value="${key.id}">${key.name} - ${keyKind(key)} - ${key.id.slice(0, 17)}</option>`)}
</select></p>
<p><label for="revoke-reason">Why</label>
<input id="revoke-reason" name="reason" required maxlength="2000"></p>
<p class="buttons"><label for="revoke-signer">Sign with the passkey of</label>
${signerChoice('revoke-signer', signers)}
<button type="submit" disabled>Revoke it</button></p>
<p class="said" role="status"></p>
</form>
</section>`;
}

/** What came of it: what went along, and what else that key had enrolled. */
export function revokedNote(registry: Registry, id: string): Html {
  const key = registry.keys.get(id);
  if (!key?.revokedAt) return NOTHING;
  return html`<div class="lead done" role="status"><p>The ${keyKind(key)} <code>${key.id}</code> of <strong>${key.name}</strong> is revoked.</p>
${madeByText(madeBy(registry, [key])).map((line) => html`<p>${line}</p>`)}</div>`;
}
