import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished, test } from 'vitest';
import { openPlan } from '../../src/kernel/plan.ts';
import { type House, openHouse } from '../approvals/fixture.ts';
import { CUT, expectFacts, PRINTABLE } from './expectations.ts';
import { everyStringAtOnce, inEveryField, manyChanges } from './fields.ts';
import { HOSTILE, HUGE } from './strings.ts';

interface Form {
  readonly message: string;
  readonly requestedSchema: { readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

interface Said {
  readonly text: string;
  readonly structured: string;
}

/** A person's chat client on a companion process. Every form is declined, and kept. */
async function chatWith(house: House) {
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  const forms: Form[] = [];
  client.setRequestHandler('elicitation/create', ({ params }) => {
    forms.push(params as unknown as Form);
    return { action: 'decline' as const };
  });
  const args = [join(import.meta.dirname, '../approvals/companion-process.ts'), house.home, 'noa'];
  await client.connect(new StdioClientTransport({ command: process.execPath, args }));
  onTestFinished(() => client.close());
  return {
    forms,
    async call(name: string, given: Record<string, unknown> = {}): Promise<Said> {
      const { content, structuredContent } = (await client.callTool({ name, arguments: given })) as {
        content: { text: string }[];
        structuredContent?: unknown;
      };
      return { text: content.map(({ text }) => text).join('\n'), structured: JSON.stringify(structuredContent ?? {}) };
    },
  };
}

const shortly = (text: string) => JSON.stringify(text.slice(0, 60));

test(`each of ${HOSTILE.length} strings in a form and in what is shown in a chat: printable, with what decides first`, async () => {
  const house = await openHouse();
  await house.enroll('noa');
  const chat = await chatWith(house);
  const parts = [
    ...HOSTILE.map((text) => ({ text, parts: inEveryField(text) })),
    ...HUGE.map((text) => ({ text, parts: inEveryField(text) })),
    { text: 'all', parts: everyStringAtOnce() },
    { text: 'many', parts: manyChanges(HUGE.slice(0, 1)) },
  ];
  for (const { text, parts: given } of parts) {
    // Where an answer in a chat client is enough to decide.
    const ticket = await house.openTicket({ ...given, environment: 'development' });
    const reason = text.slice(0, 2000).trim() || 'x';
    const decided = await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'deny', reason });
    const note = shortly(text);
    const form = chat.forms.at(-1);
    if (!form || chat.forms.length === 0) throw new Error(`no form for ${note}: ${decided.text}`);
    chat.forms.length = 0;
    expect(form.message, note).toMatch(PRINTABLE);
    expectFacts(form.message, ticket, { note });
    expect(form.message.split('\n')[0], note).toBe('DENY this as noa?');
    // The fields are in our own words alone: nothing from outside, nothing that Markdown knows.
    for (const { title, description } of Object.values(form.requestedSchema.properties))
      for (const said of [title, description]) expect(String(said ?? ''), note).toMatch(/^[A-Za-z0-9 ,.'()]*$/);
    expect(JSON.stringify(form.requestedSchema).length).toBeLessThan(1000);
    if (text.length > 1000) expect(form.message, note).toMatch(CUT);
    const shown = await chat.call('approvals_show', { ticket_id: ticket.id });
    for (const said of [decided, shown]) {
      expect(said.text, note).toMatch(PRINTABLE);
      expect(said.structured, note).toMatch(PRINTABLE);
    }
    expectFacts(shown.text, ticket, { width: 100, note });
    // No fence of ours can be ended by what others wrote.
    for (const said of [form.message, shown.text])
      expect(said.replace(/^```(text)?$/gm, ''), note).not.toContain('```');
    expect(openPlan(ticket.plan!, ticket.id).environment).toBe('development');
  }
  const list = await chat.call('approvals_list');
  expect(list.text).toMatch(PRINTABLE);
  for (const line of list.text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
}, 240_000);

test('a refusal names what the call named, in printable ASCII', async () => {
  const house = await openHouse();
  await house.enroll('noa');
  const chat = await chatWith(house);
  for (const text of HOSTILE.filter((one) => one.length >= 6 && one.length <= 64 && one.isWellFormed())) {
    const said = await chat.call('approvals_show', { ticket_id: text });
    expect(said.text, shortly(text)).toMatch(PRINTABLE);
    expect(said.structured, shortly(text)).toMatch(PRINTABLE);
  }
}, 60_000);
