import { Client } from '@modelcontextprotocol/client';
import { expect, onTestFinished, test } from 'vitest';
import { CARD_META } from '../../approvals/app/shape.ts';
import { readPlan } from '../../src/kernel/plan.ts';
import { sample } from '../scenes/bounded.ts';
import { companionOn } from '../scenes/companion.ts';
import { type Installation, openInstallation } from '../scenes/installation.ts';
import { CUT, expectFacts, PRINTABLE } from './expectations.ts';
import { everyStringAtOnce, inEveryField, manyChanges } from './fields.ts';
import { HOSTILE, HUGE, MARKDOWN, MARKUP } from './strings.ts';

interface Form {
  readonly message: string;
  readonly url?: string;
  readonly requestedSchema: { readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

interface Said {
  readonly text: string;
  readonly structured: string;
  /** What the card is given. */
  readonly card: string;
}

/** A person's chat client on a companion. Every form is declined, and kept. */
async function chatWith(
  installation: Installation,
  elicitation: Record<string, Record<string, never>> = { form: {} },
  page?: string,
) {
  const client = new Client(
    { name: 'test', version: '1' },
    {
      capabilities: { elicitation, extensions: { 'io.modelcontextprotocol/ui': {} } },
      versionNegotiation: { mode: { pin: '2026-07-28' } },
    },
  );
  const forms: Form[] = [];
  client.setRequestHandler('elicitation/create', ({ params }) => {
    forms.push(params as unknown as Form);
    return { action: 'decline' as const };
  });
  await client.connect(companionOn(installation.home, 'noa', page));
  onTestFinished(() => client.close());
  return {
    forms,
    async call(name: string, given: Record<string, unknown> = {}): Promise<Said> {
      const { content, structuredContent, _meta } = (await client.callTool({ name, arguments: given })) as {
        content: { text: string }[];
        structuredContent?: unknown;
        _meta?: Record<string, unknown>;
      };
      return {
        text: content.map(({ text }) => text).join('\n'),
        structured: JSON.stringify(structuredContent ?? {}),
        card: JSON.stringify(_meta?.[CARD_META] ?? null),
      };
    },
  };
}

const shortly = (text: string) => JSON.stringify(text.slice(0, 60));

const IN_FORMS = sample('hostile strings in forms and chats', HOSTILE, 32);

test(`each of ${IN_FORMS.length} strings in a form and in what is shown in a chat: printable, with what decides first`, async () => {
  const installation = await openInstallation();
  await installation.enroll('noa');
  const chat = await chatWith(installation);
  const parts = [
    ...IN_FORMS.map((text) => ({ text, parts: inEveryField(text) })),
    ...sample('huge names in forms and chats', HUGE, 2).map((text) => ({ text, parts: inEveryField(text) })),
    { text: 'all', parts: everyStringAtOnce() },
    { text: 'many', parts: manyChanges(HUGE.slice(0, 1)) },
  ];
  for (const { text, parts: given } of parts) {
    installation.catchUp();
    // Where an answer in a chat client is enough to decide.
    const ticket = await installation.openTicket({ ...given, environment: 'development' });
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
      expect(said.card, note).toMatch(PRINTABLE);
    }
    expect(JSON.parse(shown.card), note).toMatchObject({ ticket_id: ticket.id, environment: 'development' });
    expectFacts(shown.text, ticket, { width: 100, note });
    // All that others wrote is in the one block, which nothing inside can end.
    expect(form.message, note).toMatch(/^DENY this as noa\?\n\n```text\n(?:(?!```)[\s\S])*\n```$/);
    expect(shown.text, note).toMatch(/^```text\n(?:(?!```)[\s\S])*\n```\n\nTo decide in a terminal(?:(?!```)[\s\S])*$/);
    expect(readPlan(ticket.plan!, ticket.id).environment).toBe('development');
  }
  const list = await chat.call('approvals_list');
  expect(list.text).toMatch(PRINTABLE);
  for (const line of list.text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
}, 240_000);

test('an offer to open the page shows what decides in a block of its own, and an address that is ours alone', async () => {
  const installation = await openInstallation();
  await installation.enroll('noa');
  const chat = await chatWith(installation, { url: {} }, 'https://approve.example.test');
  const huge = sample('huge names in offers of the page', HUGE, 1);
  const active = sample('strings in offers of the page', [...MARKDOWN, ...MARKUP], 10);
  for (const parts of [...active.map(inEveryField), everyStringAtOnce(), manyChanges(huge)]) {
    installation.catchUp();
    const ticket = await installation.openTicket(parts);
    await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'deny' });
    const [{ message, url } = { message: '' }] = chat.forms.splice(0);
    expect(message).toMatch(PRINTABLE);
    expect(message).toMatch(/^Open the approval page [\s\S]*\n\n```text\n(?:(?!```)[\s\S])*\n```$/);
    expectFacts(message.slice(message.indexOf('```')), ticket);
    expect(url).toMatch(/^https:\/\/approve\.example\.test\/tickets\/tkt_[a-z0-9]+\?s=[\w-]{43}$/);
  }
}, 240_000);

test('a refusal names what the call named, in printable ASCII', async () => {
  const installation = await openInstallation();
  await installation.enroll('noa');
  const chat = await chatWith(installation);
  const named = HOSTILE.filter((one) => one.length >= 6 && one.length <= 64 && one.isWellFormed());
  for (const text of sample('hostile names in calls of a chat', named, 40)) {
    const said = await chat.call('approvals_show', { ticket_id: text });
    expect(said.text, shortly(text)).toMatch(PRINTABLE);
    expect(said.structured, shortly(text)).toMatch(PRINTABLE);
  }
}, 60_000);
