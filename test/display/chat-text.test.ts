import { expect, test } from 'vitest';
import { chatText } from '../../approvals/render/chat-text.ts';
import { ticketText } from '../../approvals/render/ticket.ts';
import { assessTicket } from '../../approvals/tickets/assess.ts';
import { safeText } from '../../src/kernel/safe-text.ts';
import { openInstallation } from '../scenes/installation.ts';
import { expectFacts, PRINTABLE } from './expectations.ts';
import { hostileTicket } from './fields.ts';
import { HOSTILE, HUGE, MARKDOWN, MARKUP } from './strings.ts';

/**
 * What is left outside of code blocks, for a client that knows CommonMark (a line of its own closes a fence) and for
 * one that only looks for three backticks anywhere.
 */
function outsideOfCode(text: string): { readonly byLines: string; readonly anywhere: string } {
  let inside = false;
  const byLines = text.split('\n').filter((line) => {
    const fence = inside ? /^ {0,3}`{3,} *$/.test(line) : /^ {0,3}`{3,}[^`]*$/.test(line);
    if (fence) inside = !inside;
    return !inside && !fence;
  });
  return {
    byLines: byLines.join('\n'),
    anywhere: text
      .split('```')
      .filter((_, at) => at % 2 === 0)
      .join(''),
  };
}

test('whatever stands in a ticket, all of it stays in the code block, and readable where there are none', async () => {
  const installation = await openInstallation();
  const context = installation.context('noa');
  for (const text of [...MARKDOWN, ...MARKUP, '``', '`````', '\\```', '`\u200b``', ...HUGE.slice(-2)]) {
    const ticket = await hostileTicket(installation, text);
    const assessment = await assessTicket(context, ticket);
    const shown = chatText(ticketText(assessment, { width: 78, now: context.now() }));
    expect(shown).toMatch(PRINTABLE);
    expect(outsideOfCode(`before\n\n${shown}\nafter`)).toEqual({
      byLines: 'before\n\nafter',
      anywhere: 'before\n\n\nafter',
    });
    expectFacts(shown, ticket, { note: text.slice(0, 60) });
  }
});

test('safe text never ends it', () => {
  for (const text of [...HOSTILE, ...HUGE])
    expect(outsideOfCode(chatText(safeText(text))).anywhere, text.slice(0, 60)).toBe('');
});
