import { adminProof, type Registry } from '../../../src/kernel/approvers.ts';
import { replacedText } from '../../render/recovery.ts';
import { outside } from '../../render/words.ts';
import { adminOriginsElsewhere, onlyElsewhere } from '../context.ts';
import { type Html, html, NOTHING } from '../html.ts';
import type { PageLinks } from '../links.ts';

/**
 * Says who put another key in the place of a lost one, or went on from another log. It stays: that is how someone would
 * take this installation over.
 */
export function replacedBanner(registry: Registry): Html {
  return html`${replacedText(registry).map(
    (text) => html`<p class="banner">${text}</p>
`,
  )}`;
}

/** Where no passkey of an admin can sign on this page: who can then, or what there is to do. */
export function nobodySigns(registry: Registry, { origin }: Pick<PageLinks, 'origin'>): Html {
  const proof = adminProof(registry);
  if (proof === 'client' || proof === 'key')
    return html`<p>No passkey that is enrolled for this page can sign yet; a key file can: <code class="command">holdshort approvers enroll NAME <span class="whole">--key</span> FINGERPRINT</code></p>`;
  return html`<p class="caution">No passkey of an admin can sign on this page${elsewhere(registry, origin)}. No key file enrolls a passkey any more. A security key of an admin does, in a terminal: <code class="command">holdshort approvers enroll NAME <span class="whole">--key</span> FINGERPRINT <span class="whole">--signer-ssh</span> FILE</code>. If there is none, or it is lost: <code class="command">holdshort approvers recover NAME <span class="whole">--key</span> FINGERPRINT <span class="whole">--lost</span> FINGERPRINT <span class="whole">--reason</span> TEXT</code>, where this installation's keys folder is (docs/approving.md, "The way back").</p>`;
}

/** Passkeys are bound to where they were made; a page that moved is another one for them. */
export function movedNote(registry: Registry, { origin }: Pick<PageLinks, 'origin'>): Html {
  const where = adminOriginsElsewhere(registry, origin);
  return where.length === 0
    ? NOTHING
    : html`<p class="caution">Passkeys of admins were registered at ${where.map(code)}, and this page is ${code(origin)}: they don't work here. Set <code>web.origin</code> back, or register anew; if nobody can enroll that, see "The way back" in docs/approving.md.</p>`;
}

/** Beside the passkeys that are offered: whose aren't, and why. */
export function elsewhereNote(registry: Registry, { origin }: Pick<PageLinks, 'origin'>): Html {
  const away = [...onlyElsewhere(registry, origin)];
  return away.length === 0
    ? NOTHING
    : html`<p class="note">Not offered here: ${away.map(
        ([name, where], at) =>
          html`${at > 0 ? ', ' : NOTHING}${outside(name, 100)}, whose passkey was registered at${where.map(code)}`,
      )}. A passkey works only where it was made: register one for this page, and let an admin enroll it (docs/approving.md).</p>`;
}

function elsewhere(registry: Registry, origin: string): Html {
  const where = adminOriginsElsewhere(registry, origin);
  return where.length === 0
    ? NOTHING
    : html`: theirs were registered at ${where.map(code)}, and this page is ${code(origin)} (set <code>web.origin</code> back, and they work again)`;
}

function code(origin: string): Html {
  return html` <code>${outside(origin, 200)}</code>`;
}
