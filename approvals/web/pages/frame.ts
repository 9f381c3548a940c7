import type { Refusal } from '../../../src/kernel/errors.ts';
import type { Halt } from '../../../src/kernel/halt.ts';
import { damagedText, shoutText } from '../../render/glass.ts';
import { outside, timeText } from '../../render/words.ts';
import type { Shout } from '../../tickets/broken-glass.ts';
import { type Html, html, NOTHING } from '../html.ts';
import type { PageLinks } from '../links.ts';

/** How the browser keeps a page as it is on the server; see `browser/live.ts`. */
export interface Live {
  /** Path of the page whose marked parts (`data-live`) replace those here; the address's own secret opens it. */
  readonly from: string;
  /** The page announces it when it changes. */
  readonly now: string;
  /** Nothing changes any more. */
  readonly over: boolean;
  /** `main` itself is a part, for pages without a form. */
  readonly whole?: boolean;
  /**
   * The digest of the plan on the page, where it shows one. That is what is signed here, as long as the server has no
   * other.
   */
  readonly digest?: string;
}

/** A whole page. It names no other page on its own: a ticket's address must not lead to those of others. */
export function framePage(
  title: string,
  body: Html,
  { script, live }: { readonly script?: boolean; readonly live?: Live } = {},
): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - Holdshort</title>
<link rel="stylesheet" href="/assets/page.css">
${script || live ? html`<script type="module" src="/assets/page.js"></script>` : NOTHING}
</head>
<body>
<header class="top"><p class="brand">Holdshort</p></header>
<main${live ? liveAttributes(live) : NOTHING}>
${body}
</main>
${live && !live.over ? html`<noscript><p class="reload">This page doesn't change by itself without JavaScript: load it again to see what is new.</p></noscript>` : NOTHING}
</body>
</html>
`;
}

function liveAttributes({ from, now, over, whole, digest }: Live): Html {
  return html` data-from="${from}" data-now="${now}"${digest === undefined ? NOTHING : html` data-digest="${digest}"`}${over ? html` data-over` : NOTHING}${whole ? html` data-live="page"` : NOTHING}`;
}

/** Says who stood alone, until someone else has looked; they review it on the ticket's own page. */
export function shoutBanner(shout: Shout, links: Pick<PageLinks, 'ticket'>): Html {
  const { items, damaged, more } = shout;
  return html`${items.map(
    (
      item,
    ) => html`<p class="banner loud">${shoutText(item, shout)} <a href="${links.ticket(item.id)}">Look at it</a></p>
`,
  )}${damaged.map(
    (id) => html`<p class="banner loud">${damagedText(id, shout)}</p>
`,
  )}${more ? html`<p class="banner loud">GLASS BROKEN on more tickets.</p>` : NOTHING}`;
}

/** Says on every page that nothing runs now; short, so that it pushes nothing away. */
/** Says that the log isn't the one that was seen here. */
export function logBanner(problem: Refusal | undefined): Html {
  if (!problem) return NOTHING;
  return html`<p class="banner"><strong>Nothing runs, and what stands here may not be what was asked for</strong>: ${outside(problem.message, 400)}. ${outside(problem.recovery, 400)}</p>`;
}

export function haltBanner(halt: Halt | undefined): Html {
  if (!halt) return NOTHING;
  return html`<p class="banner"><strong>Halted</strong> by ${outside(halt.by, 64)} since ${timeText(halt.at)}. Nothing runs until it is lifted.</p>`;
}
