import type { Role } from '../../../src/kernel/statement.ts';
import type { Enrolled } from '../../desk.ts';
import type { ChatKeys } from '../../keys/chat-keys.ts';
import type { KeyRequest } from '../../people/requests.ts';
import { roleOf } from '../../people/rights.ts';
import { makeText } from '../../render/key.ts';
import { timeText } from '../../render/words.ts';
import type { PasskeyHere } from '../context.ts';
import { type Html, html, NOTHING } from '../html.ts';
import type { PageLinks } from '../links.ts';
import { chatSection } from './chat-keys.ts';
import { signerChoice } from './choice.ts';
import { framePage, haltBanner } from './frame.ts';
import { loginsSection } from './logins.ts';
import { nobodySigns, replacedBanner } from './recovery.ts';
import { revokedNote, revokeSection } from './revoke.ts';
import { teamsSection } from './teams.ts';

interface EnrollView {
  readonly links: PageLinks;
  readonly enrolled: Enrolled;
  readonly requests: readonly KeyRequest[];
  /** Passkeys that work on this page; those of admins may sign for others. */
  readonly here: readonly PasskeyHere[];
  /** The fingerprint that was just asked for, enrolled or revoked. */
  readonly done: string | undefined;
  /** Whether attestation is believed of anyone. */
  readonly hardware: boolean;
  /** Where hubs ask people in chat clients: the keys that sign there. */
  readonly chatKeys: ChatKeys | undefined;
}

/** Register a passkey of one's own; sign for those of others. */
export function enrollPage(view: EnrollView): Html {
  const { enrolled } = view;
  const keys = adminsOf(view);
  return framePage(
    'Passkeys',
    html`${haltBanner(enrolled.halt)}${replacedBanner(enrolled.registry)}
<h1>Passkeys</h1>
${outcome(view)}
<section aria-labelledby="register"><h2 id="register">Register yours</h2>
${
  enrolled.registry.keys.size === 0
    ? html`<p class="caution">Nobody is enrolled here yet. The first approver is enrolled in a terminal: <code class="command">holdshort approvers enroll NAME</code></p>`
    : NOTHING
}
<p>You will be asked for your fingerprint, face or PIN twice: to make the passkey, and to sign the request. It decides nothing until an admin has enrolled it.</p>
<form data-registers="/enroll/registration" data-made="/enroll/registered" data-answers="/enroll/answer">
<p><label for="name">Your name <span class="note">(small letters; where an agent works for you, the same name as there)</span></label>
<input id="name" name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="64" pattern="[a-z0-9][a-z0-9._@\\-]*"></p>
${view.hardware ? html`<p><label><input type="checkbox" name="hardware"> My key proves its make (assurance <code>hardware</code>)</label></p>` : NOTHING}
<p class="buttons"><button type="submit" class="approve" disabled>Register a passkey</button></p>
<p class="said" role="status"></p>
<noscript><p class="caution">Registering needs JavaScript.</p></noscript>
</form>
</section>
<section aria-labelledby="requests"><h2 id="requests">Waiting to be enrolled</h2>
${view.requests.length === 0 ? html`<p>Nobody.</p>` : waiting(view)}
</section>
${keys.length > 0 ? teamsSection(enrolled.registry, keys) : NOTHING}
${view.here.length > 0 ? loginsSection(enrolled.registry, view.here) : NOTHING}
${view.chatKeys && view.here.length > 0 ? chatSection(enrolled.registry, view.chatKeys, view.here) : NOTHING}
${view.here.length > 0 ? revokeSection(enrolled.registry, view.here) : NOTHING}`,
    { script: true },
  );
}

function outcome({ done, requests, enrolled }: EnrollView): Html {
  if (done === undefined) return NOTHING;
  const request = requests.find(({ id }) => id === done);
  const key = enrolled.registry.keys.get(done);
  if (key && !key.revokedAt && key.maxAssurance === 'client')
    return html`<p class="lead done" role="status">What <strong>${key.name}</strong> answers in a chat client counts from now on, with the key <code>${key.id}</code>.</p>`;
  if (key && !key.revokedAt)
    return html`<p class="lead done" role="status"><strong>${key.name}</strong> may now decide with the passkey <code>${key.id}</code>, enrolled by ${key.enrolledBy}.</p>`;
  if (!request) return revokedNote(enrolled.registry, done);
  return html`<div class="lead done" role="status"><p>Registered. The fingerprint of your passkey is</p>
<p class="fingerprint"><code>${request.id}</code></p>
<p>Tell it to an approver who is an admin, by another way than this page. They enroll it below, or in a terminal: <code class="command">holdshort approvers enroll ${request.name} <span class="whole">--key</span> ${request.id}</code></p></div>`;
}

function adminsOf({ here }: EnrollView): readonly PasskeyHere[] {
  return here.filter(({ role }) => role === 'admin');
}

function waiting(view: EnrollView): Html {
  const { requests, enrolled, links } = view;
  const keys = adminsOf(view);
  return html`<p>A name here is what somebody typed. Before you sign, let the person tell you the fingerprint, and compare all of it.</p>
${keys.length === 0 ? nobodySigns(enrolled.registry, links) : NOTHING}
<ul class="requests">
${requests.map(
  (
    request,
    at,
  ) => html`<li><p><strong>${request.name}</strong> <span class="note">${request.most}, asked ${timeText(request.requestedAt)}</span><br><code>${request.id}</code></p>
${request.make ? html`<p${request.make.verified ? NOTHING : html` class="caution"`}>It ${makeText(request.make)}</p>` : NOTHING}
${keys.length > 0 ? signForm(request, { keys, at, role: roleOf(enrolled.registry, request.name, request.most, undefined) }) : NOTHING}</li>
`,
)}</ul>`;
}

function signForm(
  { id, name, most }: KeyRequest,
  { keys, at, role }: { readonly keys: readonly PasskeyHere[]; readonly at: number; readonly role: Role },
): Html {
  return html`<form data-asks="/enroll/question" data-answers="/enroll/answer" data-request="${id}" data-name="${name}" data-role="${role}" data-most="${most}">
<p class="buttons"><label for="signer-${at}">Sign with the passkey of</label>
${signerChoice(`signer-${at}`, keys)}</p>
<p><label for="groups-${at}">Teams of ${name} <span class="note">(where an agent works for one of them, ${name} doesn't approve as somebody else; separated by commas, empty for none)</span></label>
<input id="groups-${at}" name="groups" autocapitalize="none" spellcheck="false" maxlength="2200"></p>
<p class="buttons"><button type="submit" disabled>Enroll ${name}${role === 'admin' ? ' as an admin' : NOTHING}</button></p>
<p class="said" role="status"></p>
</form>`;
}
