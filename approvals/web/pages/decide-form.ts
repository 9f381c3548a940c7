import { outside } from '../../render/words.ts';
import { type Assessment, mayBeCutShort, whoIs } from '../../tickets/assess.ts';
import type { PasskeyHere } from '../context.ts';
import { type Html, html, NOTHING } from '../html.ts';
import type { PageLinks } from '../links.ts';
import { signerChoice } from './choice.ts';
import { headline, nextText } from './progress.ts';
import { elsewhereNote, movedNote } from './recovery.ts';

/*
 * The form in which the person decides. What it sends says only which way, with which key, and the digest of the plan
 * on the page; the server makes the statement. (`main` has the digest, not the form: what follows the server can't
 * alter it.) What the script says about it comes after the part that follows the ticket, so that it is still there when
 * that part is replaced.
 */

export function decideForm(assessment: Assessment, keys: readonly PasskeyHere[], links: PageLinks): Html {
  return html`<section class="decide" aria-labelledby="decide"><h2 id="decide" tabindex="-1">Decide</h2>
<p data-live="now">${headline(assessment)}. ${nextText(assessment)}</p>
<div data-live="decide">${shortageNote(assessment)}${ways(assessment, keys, links)}</div>
<p class="said" role="status"></p>
${isOpen(assessment) && keys.length > 0 ? needsScript(assessment) : NOTHING}
</section>`;
}

/**
 * The form beside what became of a ticket, as long as it can be stopped. It never approves: a person who approves has
 * the whole ticket before them.
 */
export function stopForm(assessment: Assessment, keys: readonly PasskeyHere[]): Html {
  return html`<div data-live="stop">${isOpen(assessment) ? stopSection(assessment, keys) : NOTHING}</div>
<p class="said" role="status"></p>
${isOpen(assessment) && keys.length > 0 ? needsScript(assessment) : NOTHING}`;
}

function stopSection(assessment: Assessment, keys: readonly PasskeyHere[]): Html {
  return html`<section class="decide" aria-labelledby="stop"><h2 id="stop">Stop it</h2>
${
  keys.length === 0
    ? html`<p>In a terminal: <code class="command">holdshort deny ${assessment.ticket.id} <span class="whole">--reason</span> TEXT</code></p>`
    : form(
        assessment,
        keys,
        html`<button type="submit" name="decision" value="deny" class="deny" disabled>Deny</button>`,
      )
}
</section>`;
}

/** Can it be denied still? */
function isOpen(assessment: Assessment): boolean {
  return assessment.state === 'pending' || assessment.state === 'approved' || mayBeCutShort(assessment);
}

function ways(assessment: Assessment, keys: readonly PasskeyHere[], links: PageLinks): Html {
  const { ticket, state } = assessment;
  if (!isOpen(assessment))
    return html`<p>There is nothing to decide any more. <a href="${links.decided(ticket.id)}">What became of it</a></p>`;
  if (keys.length === 0) return withoutKey(assessment, links);
  const waits = state === 'pending';
  const alone = waits && keys.some((key) => mayBreakGlass(assessment, key));
  return form(
    assessment,
    keys,
    html`${waits ? html`<button type="submit" name="decision" value="approve" class="approve" disabled>Approve exactly this</button> ` : NOTHING}<button type="submit" name="decision" value="deny" class="deny" disabled>Deny</button>${alone ? html` <button type="submit" name="decision" value="break_glass" class="deny" disabled>Break the glass: approve alone</button>` : NOTHING}`,
    html`${alone ? html`<p class="caution">Breaking the glass needs a reason and stands for 15 minutes. Every listing says so until somebody else has reviewed it.</p>` : NOTHING}
<p class="note">Your passkey signs the digest above. ${waits && assessment.login ? html`To approve, you then log in at ${outside(assessment.login.issuer, 200)} as yourself. ` : NOTHING}${waits ? 'Exactly that runs, once, after everything was checked again.' : NOTHING}</p>
${elsewhereNote(assessment.enrolled.registry, links)}`,
  );
}

/** Above the buttons: an approval alone would let nothing run. */
function shortageNote({ shortage }: Assessment): Html {
  if (!shortage) return NOTHING;
  return html`<p class="caution">Nobody can approve this as things are: ${outside(shortage.message, 500)}. What it takes:</p>
<ul>
${shortage.steps.map(
  (step) => html`<li>${stepHere(step)}</li>
`,
)}</ul>
`;
}

/** `what to do: holdshort …` */
function stepHere(step: string): Html {
  const [what = '', words] = step.split(': holdshort ');
  const command = words === undefined ? NOTHING : html`: <code class="command">holdshort ${outside(words, 300)}</code>`;
  return html`${outside(what, 500)}${command}`;
}

function withoutKey({ ticket: { id }, enrolled }: Assessment, links: PageLinks): Html {
  return html`<p>No passkey is enrolled for this page yet. Register one at the second address that <code class="command">holdshort web</code> prints, and let an admin enroll it.</p>
${movedNote(enrolled.registry, links)}
<p>In a terminal, where the ticket needs no more: <code class="command">holdshort approve ${id}</code></p>`;
}

function form({ ticket }: Assessment, keys: readonly PasskeyHere[], buttons: Html, notes: Html = NOTHING): Html {
  return html`<form data-asks="/tickets/${ticket.id}/question" data-answers="/tickets/${ticket.id}/answer">
<p><label for="key">Sign with the passkey of</label>
${signerChoice('key', keys, 'with its proof')}</p>
<p><label for="why">Reason <span class="note">(for a denial it is needed: the agent reads it)</span></label>
<textarea id="why" name="reason" rows="2" maxlength="2000"></textarea></p>
<p class="buttons">${buttons}</p>
${notes}</form>`;
}

function needsScript({ ticket }: Assessment): Html {
  return html`<noscript><p class="caution">Deciding here needs JavaScript; reading doesn't. In a terminal: <code class="command">holdshort tickets show ${ticket.id}</code></p></noscript>`;
}

/** Only where policy names this passkey's owner, and a plain approval isn't enough. */
function mayBreakGlass(assessment: Assessment, { name, maxAssurance: assurance }: PasskeyHere): boolean {
  const approval = { ...whoIs(assessment, name), assurance };
  return !assessment.wouldRun(approval, 'plainly') && assessment.wouldRun(approval, 'breaking glass');
}
