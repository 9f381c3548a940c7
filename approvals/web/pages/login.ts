import { type Html, html } from '../html.ts';
import { framePage } from './frame.ts';

/**
 * Where the issuer sends a browser back to. The same for everybody, whatever is in its address: the browser's script
 * knows whether it began this.
 */
export function loginPage(): Html {
  return framePage(
    'Logged in',
    html`<h1>Back from the login</h1>
<p class="said" role="status" data-from-issuer>Your approval is being recorded.</p>
<p data-back hidden><a href="/">Back to the ticket</a></p>
<noscript><p class="caution">Deciding here needs JavaScript. Nothing was decided.</p></noscript>`,
    { script: true },
  );
}
