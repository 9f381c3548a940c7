import type { Halt } from '../../../src/kernel/approvers.ts';
import type { Shout } from '../../broken-glass.ts';
import type { PageLinks } from '../../links.ts';
import { damagedText, shoutText } from '../../render/glass.ts';
import { outside, timeText } from '../../render/words.ts';
import { type Html, html, NOTHING } from '../html.ts';

/** A whole page. It names no other page on its own: a ticket's address must not lead to those of others. */
export function framePage(title: string, body: Html, options: { readonly script?: boolean } = {}): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - Holdshort</title>
<link rel="stylesheet" href="/assets/page.css">
${options.script ? html`<script type="module" src="/assets/page.js"></script>` : NOTHING}
</head>
<body>
<header class="top"><p class="brand">Holdshort</p></header>
<main>
${body}
</main>
</body>
</html>
`;
}

/** Says who stood alone, until somebody else has looked; they review it on the ticket's own page. */
export function shoutBanner({ items, damaged, more }: Shout, links: Pick<PageLinks, 'ticket'>): Html {
  return html`${items.map(
    (item) => html`<p class="banner loud">${shoutText(item)} <a href="${links.ticket(item.id)}">Look at it</a></p>
`,
  )}${damaged.map(
    (id) => html`<p class="banner loud">${damagedText(id)}</p>
`,
  )}${more ? html`<p class="banner loud">GLASS BROKEN on more tickets.</p>` : NOTHING}`;
}

/** Says on every page that nothing runs now; short, so that it pushes nothing away. */
export function haltBanner(halt: Halt | undefined): Html {
  if (!halt) return NOTHING;
  return html`<p class="banner"><strong>Halted</strong> by ${outside(halt.by, 64)} since ${timeText(halt.at)}. Nothing runs until it is lifted.</p>`;
}
