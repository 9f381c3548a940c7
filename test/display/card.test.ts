import { expect, test } from 'vitest';
import { sample } from '../scenes/bounded.ts';
import { useBrowser } from '../scenes/browser.ts';
import { CLIENTS } from '../scenes/hosts.ts';
import { openInstallation } from '../scenes/installation.ts';
import { cardHost } from '../web/card-host.ts';
import { CUT, decisiveFacts, PRINTABLE, squeezed } from './expectations.ts';
import { everyStringAtOnce, inEveryField, manyChanges } from './fields.ts';
import { HUGE, MARKDOWN, MARKUP } from './strings.ts';

const browser = useBrowser();

const CARD = `document.querySelector('iframe').contentDocument`;
const DECIDES = ['.place', 'h1', '.verdict', '.figures', '.facts dd'];

/** The frame fills its window, as a host shows a card that hasn't been scrolled. */
const FIRST_SCREEN = `Object.fromEntries(${JSON.stringify(DECIDES)}.map((what) => {
  const box = ${CARD}.querySelector(what).getBoundingClientRect();
  return [what, box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth && box.height > 0];
}))`;

const FOREIGN =
  ':is(main, body) :is(link, img, iframe, svg, meta, base, math, template, a, [onload], [onerror], [onclick])';

test('nothing on the card becomes active or moves what decides, whatever stands in the plan', async () => {
  const installation = await openInstallation();
  await installation.enroll('noa');
  const chat = await CLIENTS['v2, 2026-07-28'](installation, {
    capabilities: { extensions: { 'io.modelcontextprotocol/ui': {} } },
  });
  const tab = await browser().tab();
  const huge = sample('huge names on the card', HUGE, 2);
  const plans = [
    ...sample('strings on the card', [...MARKUP, ...MARKDOWN], 8).map(inEveryField),
    ...huge.map(inEveryField),
    manyChanges(huge),
    everyStringAtOnce(),
  ];
  for (const parts of plans) {
    installation.catchUp();
    const ticket = await installation.openTicket(parts);
    const host = await cardHost(chat, { tool: 'approvals_show', args: { ticket_id: ticket.id } });
    await tab.look({ width: 390, height: 844 });
    await tab.goto(host.url);
    await tab.until(`${CARD}.querySelector('h1')`);
    const note = JSON.stringify(parts.summary ?? '').slice(0, 60);
    expect(await tab.run(FIRST_SCREEN), note).toEqual(Object.fromEntries(DECIDES.map((what) => [what, true])));
    const [text, whole] = await tab.run<[string, string]>(
      `[${CARD}.querySelector('main').innerText, ${CARD}.querySelector('details pre').textContent]`,
    );
    expect(`${text}${whole}`, note).toMatch(PRINTABLE);
    for (const fact of decisiveFacts(ticket)) expect(squeezed(`${text}${whole}`), note).toContain(squeezed(fact));
    // The effects are words in a sentence and numbers beside it; the rest is above the list of changes, letter by
    // letter.
    const above = squeezed(text.slice(0, text.search(/What would happen/i)));
    for (const fact of decisiveFacts(ticket).filter((one) => !/^[a-z]+ [\d,]+$/.test(one)))
      expect(above, note).toContain(squeezed(fact));
    expect(await tab.run(`${CARD}.querySelectorAll(${JSON.stringify(FOREIGN)}).length`), note).toBe(0);
    expect(await tab.run(`[window.harm, document.querySelector('iframe').contentWindow.harm].join()`), note).toBe(',');
    if (parts.summary && parts.summary.length > 10_000) expect(text, note).toMatch(CUT);
    expect(host.opened).toEqual([]);
  }
  expect(tab.complaints).toEqual([]);
}, 240_000);
