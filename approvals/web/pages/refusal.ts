import type { Refusal } from '../../../src/kernel/errors.ts';
import { outside } from '../../render/words.ts';
import { type Html, html } from '../html.ts';
import { framePage } from './frame.ts';

export function refusalPage({ code, message, recovery }: Refusal): Html {
  return framePage(
    'Not possible',
    html`<h1>That is not possible</h1>
<p class="lead">${outside(message, 500)} (<code>${code}</code>)</p>
<p>What to do: ${outside(recovery, 500)}</p>`,
  );
}

/** The same for a wrong address, a wrong secret and a ticket that isn't there: none of them may be told apart. */
export function missingPage(): Html {
  return framePage(
    'Nothing here',
    html`<h1>There is nothing at this address</h1>
<p>Open the whole address that <code class="command">holdshort web</code>, the agent or <code class="command">holdshort tickets show</code> gave, with everything after the question mark.</p>`,
  );
}
