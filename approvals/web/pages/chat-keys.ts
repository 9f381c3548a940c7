import type { Registry } from '../../../src/kernel/approvers.ts';
import type { ChatKeys } from '../../keys/chat-keys.ts';
import type { PasskeyHere } from '../context.ts';
import { type Html, html, NOTHING } from '../html.ts';
import { signerChoice } from './choice.ts';

/** Whose answers in chat clients count, through hubs; each person says so for themselves. */
export function chatSection(registry: Registry, keys: ChatKeys, here: readonly PasskeyHere[]): Html {
  const counts = (name: string) => registry.keys.has(keys.of(registry, name).id);
  const names = [...new Set(here.map(({ name }) => name))].filter(counts);
  const others = here.filter(({ name }) => !counts(name));
  return html`<section aria-labelledby="chats"><h2 id="chats">Chat clients</h2>
<p>You may decide in a chat client of yours, signed in at the hub as yourself, where policy asks for no more than <code>client</code>. First say here that such answers are yours. A program can give them too: never sign in there with a client in which an agent works.</p>
${names.length > 0 ? html`<p>They count for ${names.map((name, at) => html`${at > 0 ? ', ' : ''}<strong>${name}</strong>`)}. To end it, revoke that key below.</p>` : NOTHING}
${others.length > 0 ? allowForm(others) : NOTHING}
</section>`;
}

function allowForm(signers: readonly PasskeyHere[]): Html {
  return html`<form data-asks="/enroll/chat" data-answers="/enroll/chat/answer" data-chat>
<p class="buttons"><label for="chat-signer">Sign with the passkey of</label>
${signerChoice('chat-signer', signers)}
<button type="submit" disabled>Let my answers count</button></p>
<p class="said" role="status"></p>
</form>`;
}
