import type { Registry } from '../../../src/kernel/approvers.ts';
import { type Binding, lastBindings } from '../../../src/kernel/bindings.ts';
import { identityText } from '../../../src/kernel/identity.ts';
import type { PasskeyHere } from '../context.ts';
import { type Html, html } from '../html.ts';
import { personChoice, signerChoice } from './choice.ts';

/** Whose login at an issuer of tokens is whose; anyone who is an admin may say, and its person may take it back. */
export function loginsSection(registry: Registry, signers: readonly PasskeyHere[]): Html {
  const active = [...registry.keys.values()].filter(({ revokedAt }) => !revokedAt);
  const names = [...new Set(active.map(({ name }) => name))];
  return html`<section aria-labelledby="logins"><h2 id="logins">Logins</h2>
<p>What an agent asks for with a login is asked for its person, whose approval isn't somebody else's. One that is taken back asks for nothing, and nobody counts as somebody else for its tickets that are open now.</p>
<ul class="requests">
${lastBindings(registry).map(
  (binding, at) => html`<li>${boundForm(binding, signers, at)}</li>
`,
)}</ul>
<form data-asks="/enroll/login" data-answers="/enroll/login/answer" data-login="bind">
<p><label for="login-person">Person</label>
${personChoice(
  'login-person',
  'person',
  names.map((name) => ({ value: name, text: name, name })),
)}</p>
<p><label for="login-issuer">Issuer <span class="note">(iss, exactly as in the token)</span></label>
<input id="login-issuer" name="issuer" autocapitalize="none" spellcheck="false" required maxlength="512"></p>
<p><label for="login-subject">Subject <span class="note">(sub, exactly as in the token)</span></label>
<input id="login-subject" name="subject" autocapitalize="none" spellcheck="false" required maxlength="255"></p>
${signing(signers, 'login-signer', html`<button type="submit" disabled>Bind it</button>`)}
</form>
</section>`;
}

function boundForm({ identity, name, by, kind, counts }: Binding, signers: readonly PasskeyHere[], at: number): Html {
  if (kind === 'unbind')
    return html`<p><code>${identityText(identity)}</code> was <strong>${name}</strong>: taken back by ${by}</p>`;
  return html`<form data-asks="/enroll/login" data-answers="/enroll/login/answer" data-login="unbind">
<p><code>${identityText(identity)}</code> is <strong>${name}</strong>, by ${by}${counts ? '' : ' (COUNTS FOR NOTHING: the maker of the key that signed is not believed)'}</p>
<input type="hidden" name="person" value="${name}"><input type="hidden" name="issuer" value="${identity.issuer}"><input type="hidden" name="subject" value="${identity.subject}">
${signing(signers, `unbind-signer-${at}`, html`<button type="submit" class="deny" disabled>Take it back</button>`)}
</form>`;
}

function signing(signers: readonly PasskeyHere[], id: string, button: Html): Html {
  return html`<p class="buttons"><label for="${id}">Sign with the passkey of</label>
${signerChoice(id, signers)}
${button}</p>
<p class="said" role="status"></p>`;
}
