import { groupsOf, type Registry } from '../../../src/kernel/approvers.ts';
import type { PasskeyHere } from '../context.ts';
import { type Html, html } from '../html.ts';
import { signerChoice } from './choice.ts';

/** Which teams each person belongs to; anyone who is an admin may say otherwise. */
export function teamsSection(registry: Registry, signers: readonly PasskeyHere[]): Html {
  const active = [...registry.keys.values()].filter(({ revokedAt }) => !revokedAt);
  const names = [...new Set(active.map(({ name }) => name))];
  return html`<section aria-labelledby="teams"><h2 id="teams">Teams</h2>
<p>Where an agent works for a team, nobody of that team approves as somebody else. Who leaves one is still in it for the tickets that are open now.</p>
<ul class="requests">
${names.map(
  (name, at) => html`<li>${teamsForm(name, groupsOf(registry, name), signers, at)}</li>
`,
)}</ul>
</section>`;
}

function teamsForm(name: string, groups: readonly string[], signers: readonly PasskeyHere[], at: number): Html {
  return html`<form data-asks="/enroll/teams" data-answers="/enroll/teams/answer" data-person="${name}">
<p><label for="teams-${at}">Teams of <strong>${name}</strong> <span class="note">(separated by commas; empty for none)</span></label>
<input id="teams-${at}" name="groups" value="${groups.join(', ')}" autocapitalize="none" spellcheck="false" maxlength="2200"></p>
<p class="buttons"><label for="teams-signer-${at}">Sign with the passkey of</label>
${signerChoice(`teams-signer-${at}`, signers)}
<button type="submit" disabled>Set the teams of ${name}</button></p>
<p class="said" role="status"></p>
</form>`;
}
