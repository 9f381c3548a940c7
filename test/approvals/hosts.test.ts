import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cardOf } from '../../approvals/app/card.ts';
import { CARD_META, CARD_URI, type Card } from '../../approvals/app/shape.ts';
import { deny } from '../../approvals/cli/decide.ts';
import { keyPath } from '../../approvals/keys/keys.ts';
import { assessTicket } from '../../approvals/tickets/assess.ts';
import type { PlanRecord } from '../../src/kernel/plan.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { type Chat, CLIENTS, type Host, type Question, type Reply, type Said } from '../scenes/hosts.ts';
import { type Installation, openInstallation } from '../scenes/installation.ts';

const APPS = { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } } };
/** What someone types into the fields that they are asked for. */
const typed = ({ requestedSchema }: Question): Reply => {
  const known = { target_name: 'payments-production', deny: 'y', reason: 'Checked with Ida.' };
  const asked = Object.entries(known).filter(([field]) => field in (requestedSchema?.properties ?? {}));
  return { action: 'accept', content: Object.fromEntries(asked) };
};

/** Chat clients as they are found, and what they do with a question. */
const HOSTS: Record<string, Host> = {
  'form only': { capabilities: { elicitation: { form: {} } }, answer: typed },
  'URL only': { capabilities: { elicitation: { url: {} } }, answer: () => ({ action: 'accept' }) },
  'form and URL': {
    capabilities: { elicitation: { form: {}, url: {} } },
    answer: (question) => (question.mode === 'url' ? { action: 'accept' } : typed(question)),
  },
  none: { capabilities: {} },
  'accepts by itself': {
    capabilities: { elicitation: { form: {}, url: {} } },
    answer: ({ mode }) =>
      mode === 'url' ? { action: 'accept' } : { action: 'accept', content: { target_name: 'yes', deny: 'yes' } },
  },
  'declines by itself': {
    capabilities: { elicitation: { form: {}, url: {} } },
    answer: () => ({ action: 'decline' }),
  },
  card: { capabilities: APPS },
};

const CASES = [
  ['development', 'approve'],
  ['production', 'approve'],
  ['production', 'deny'],
] as const;

async function installation() {
  const made = await openInstallation();
  await made.enroll('noa', 'ida');
  return made;
}

/** The same text for every run: what is random or of this moment gives way to something of the same length. */
function normal(text: string): string {
  return text
    .replace(/tkt_[a-z0-9]+/g, (id) => 'tkt_'.padEnd(id.length, '7'))
    .replace(/\b[0-9a-f]{64}\b/g, (digest) => 'd'.repeat(digest.length))
    .replace(/"[\w-]{43}\.\{\\"question(?:\\.|[^"\\])*"/g, `"${'q'.repeat(32)}"`)
    .replace(/\b[0-9a-f]{32}\b/g, 'q'.repeat(32))
    .replace(/\?s=[\w-]{43}/g, `?s=${'s'.repeat(43)}`)
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, '2026-11-24 12:00 UTC')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-11-24T12:00:00.000Z');
}

const indented = (text: string) => text.replace(/^/gm, '    ').replace(/ +$/gm, '');

function questionText({ mode = 'form', message, url, requestedSchema }: Question): string {
  const fields = Object.entries(requestedSchema?.properties ?? {}).map(
    ([name, { title, description }]) => `[${name}] ${title}${description ? ` (${description})` : ''}`,
  );
  return [`${mode}:`, indented([message, ...(url ? [`-> ${url}`] : []), ...fields].join('\n'))].join('\n');
}

function cardText({ meta }: Said): string {
  const card = meta[CARD_META] as Card | undefined;
  return card ? `card:\n${indented(JSON.stringify(card, null, 1))}` : 'nothing but the text below';
}

async function recorded(installation: Installation, since: number): Promise<string> {
  const events = (await installation.events()).slice(since);
  if (events.length === 0) return 'nothing';
  return events
    .map(({ type, actor, detail: { statement: _, signature: __, ...detail }, ...more }) => {
      const outcome = 'outcome' in more ? `, ${more.outcome}` : '';
      return `${type} by ${actor}${outcome} ${JSON.stringify(detail)}`;
    })
    .join('\n');
}

async function play(
  installation: Installation,
  chat: Chat,
  { id }: StoredTicket,
  [environment, decision]: (typeof CASES)[number],
): Promise<string> {
  const before = (await installation.events()).length;
  chat.seen.length = 0;
  const answer = await chat.call('approvals_decide', { ticket_id: id, decision });
  const after = await installation.store.forApprover().ticket(id);
  return normal(
    [
      `## ${decision} in ${environment}`,
      'The person sees:',
      indented(chat.seen.length > 0 ? chat.seen.map(questionText).join('\n') : cardText(answer)),
      `The chat is told${answer.isError ? ' (an error)' : ''}:`,
      indented(answer.text),
      'Recorded:',
      indented(await recorded(installation, before)),
      `Then the ticket is ${after.state}.`,
    ].join('\n'),
  );
}

describe.each(Object.entries(CLIENTS))('%s', (_name, connect) => {
  test.each(Object.entries(HOSTS))('%s', async (name, host) => {
    const place = await installation();
    // Before the companion writes by its own clock: this one stands still.
    const tickets = [];
    for (const [environment] of CASES) tickets.push(await place.openTicket({ environment }));
    const chat = await connect(place, host);
    const played = [];
    for (const [at, one] of CASES.entries()) played.push(await play(place, chat, tickets[at]!, one));
    await expect(`# A client: ${name}\n\n${played.join('\n\n')}\n`).toMatchFileSnapshot(
      `hosts/${name.replaceAll(' ', '-').toLowerCase()}.txt`,
    );
  });

  const stateOf = async (place: Installation, { id }: StoredTicket) =>
    (await place.store.forApprover().ticket(id)).state;
  const shownOn = (answer: Said) => answer.meta[CARD_META] as Card;

  test('decides by the card with what the card was shown, once', async () => {
    const place = await installation();
    const ticket = await place.openTicket({ environment: 'development' });
    const other = await place.openTicket({ environment: 'development' });
    const chat = await connect(place, HOSTS.card!);
    const shown = await chat.call('approvals_show', { ticket_id: ticket.id });
    const { question, approve } = shownOn(shown).deciding!;
    expect(approve).toBe(true);
    // What the model reads doesn't hold it.
    expect(`${shown.text}${JSON.stringify(shown.data)}`).not.toContain(question);
    const decide = (card: Record<string, string>, ticket_id: string = ticket.id) =>
      chat.call('approvals_decide', { ticket_id, decision: 'approve', card });

    const misused = await decide({ question, target_name: 'payments-production' }, other.id);
    expect(misused).toMatchObject({ isError: true, data: { refusal: { code: 'not_confirmed' } } });
    const guessed = await decide({ question: '0'.repeat(32), target_name: 'payments-production' });
    expect(guessed).toMatchObject({ isError: true, data: { refusal: { code: 'not_confirmed' } } });
    expect((await place.events()).slice(-2)).toMatchObject([
      { type: 'decision.rejected', actor: 'client:test-host', ticket: other.id, detail: { code: 'not_confirmed' } },
      { type: 'decision.rejected', actor: 'client:test-host', ticket: ticket.id, detail: { code: 'not_confirmed' } },
    ]);
    const spent = await fresh();
    // A second try with the same question would be one more guess; so would one with the question that another ticket
    // was tried with.
    for (const [name, used] of [
      ['payments', spent],
      ['payments-production', spent],
      ['payments-production', question],
    ] as const) {
      const refused = await decide({ question: used, target_name: name });
      expect(refused, name).toMatchObject({ isError: true, data: { refusal: { code: 'not_confirmed' } } });
    }
    expect([await stateOf(place, ticket), await stateOf(place, other)]).toEqual(['pending', 'pending']);

    const last = await fresh();
    const decided = await decide({ question: last, target_name: 'payments-production' });
    expect(decided).toMatchObject({ isError: false, data: { decided: true, by: 'noa', state: 'approved' } });
    expect((await decide({ question: last, target_name: 'payments-production' })).isError).toBe(true);
    const [decision, ...more] = (await place.store.forApprover().ticket(ticket.id)).decisions;
    expect(JSON.parse(decision!.statement)).toMatchObject({ assurance: 'client', by: 'noa' });
    expect(more).toEqual([]);

    async function fresh() {
      return shownOn(await chat.call('approvals_show', { ticket_id: ticket.id })).deciding!.question;
    }
  });

  test('is not given a question by the card where more is needed, but may deny on it', async () => {
    const place = await installation();
    const ticket = await place.openTicket({ environment: 'production' });
    const chat = await connect(place, HOSTS.card!);
    const card = shownOn(await chat.call('approvals_show', { ticket_id: ticket.id }));
    expect(card).toMatchObject({
      deciding: { approve: false },
      page: expect.stringContaining(`/tickets/${ticket.id}?s=`),
    });
    const args = {
      ticket_id: ticket.id,
      card: { question: card.deciding!.question, target_name: 'payments-production' },
    };
    const approved = await chat.call('approvals_decide', { ...args, decision: 'approve' });
    expect(approved).toMatchObject({ isError: true, data: { refusal: { code: 'assurance_too_low' } } });
    const again = shownOn(await chat.call('approvals_show', { ticket_id: ticket.id })).deciding!.question;
    const denied = await chat.call('approvals_decide', {
      ...args,
      decision: 'deny',
      card: { question: again, deny: 'y', reason: 'not today' },
    });
    expect(denied).toMatchObject({ data: { decided: true, state: 'denied' } });
  });

  test('gets the card as one document that loads nothing', async () => {
    const chat = await connect(await installation(), HOSTS.card!);
    const document = await chat.read(CARD_URI);
    expect(document).toMatch(/^<!doctype html>/);
    expect(document).not.toMatch(/<(?:link|img|iframe)\b|<script[^>]+src=|@import/);
  });
});

test('a model that has card after card shown does not push out the form that the person is reading', async () => {
  const place = await installation();
  const { id } = await place.openTicket({ environment: 'development' });
  let chat: Chat | undefined;
  const cards = async () => {
    for (let at = 0; at < 1001; at++) await chat!.call('approvals_show', { ticket_id: id });
  };
  chat = await CLIENTS['v2, 2026-07-28'](place, {
    capabilities: { ...APPS, elicitation: { form: {} } },
    answer: async (question) => {
      await cards();
      return typed(question);
    },
  });
  const decided = await chat.call('approvals_decide', { ticket_id: id, decision: 'approve' });
  expect(decided).toMatchObject({ data: { decided: true, state: 'approved' } });
}, 60_000);

describe('who can decide nowhere is told why, and is sent nowhere', () => {
  const SURFACES = ['form and URL', 'none', 'card'] as const;
  const decide = async (place: Installation, host: Host, { id }: StoredTicket, osUser: string) => {
    const chat = await CLIENTS['v2, 2026-07-28'](place, host, osUser);
    return { said: await chat.call('approvals_decide', { ticket_id: id, decision: 'approve' }), seen: chat.seen };
  };

  test.each(SURFACES)('%s', async (name) => {
    const host = HOSTS[name]!;
    const place = await openInstallation();
    await place.enroll('noa', 'mara');
    const ticket = await place.openTicket({ environment: 'production', operator: 'mara' });
    const excluded = await decide(place, host, ticket, 'mara');
    expect(excluded).toMatchObject({ said: { data: { refusal: { code: 'operator_excluded' } } }, seen: [] });
    const stranger = await decide(place, host, ticket, 'eve');
    expect(stranger).toMatchObject({ said: { data: { refusal: { code: 'not_enrolled' } } }, seen: [] });
    place.catchUp();
    await deny(place.context('noa'), ticket.id, { yes: true, digest: ticket.plan!.digest, reason: 'no' });
    const closed = await decide(place, host, ticket, 'noa');
    expect(closed).toMatchObject({ said: { data: { refusal: { code: 'denied' } } }, seen: [] });
  });
});

test('somebody without a key for chat clients is sent to the page, or told of it', async () => {
  const place = await installation();
  rmSync(keyPath(place.keysDir, 'ida', 'client'));
  const { id } = await place.openTicket({ environment: 'development' });
  const asking = { ticket_id: id, decision: 'approve' };
  const able = await CLIENTS['v2, 2026-07-28'](place, HOSTS['form and URL']!, 'ida');
  expect(await able.call('approvals_decide', asking)).toMatchObject({ data: { offered: 'page' } });
  expect(able.seen).toMatchObject([{ mode: 'url' }]);
  const chat = await CLIENTS['v2, 2026-07-28'](place, HOSTS['form only']!, 'ida');
  const { text, isError } = await chat.call('approvals_decide', asking);
  expect(isError).toBe(false);
  expect(text).toContain('ida has no key for chat clients on this machine');
  expect(text).toContain(`/tickets/${id}?s=`);
});

test('the card says first, too, that something is made anew after a deletion, and that a freeze holds', async () => {
  const name = 'year-end';
  const freeze = {
    name,
    reason: 'The books are being closed.',
    from: '2000-01-01T00:00',
    until: '2120-01-01T00:00',
    time_zone: 'UTC',
  };
  const place = await openInstallation({ rules: { freezes: [freeze] } });
  const deletion = { ticket: `tkt_${'0'.repeat(20)}`, agent: 'claude', state: 'unknown', at: '2026-11-24T07:10:00Z' };
  const asked = { destructive_last_hour: 1, pending: 0 };
  const ticket = await place.openTicket({ circumstances: { asked, deletion } as PlanRecord['circumstances'] });
  const review = await assessTicket(place.context('noa'), ticket);
  const { facts } = cardOf(review, { now: new Date(), deciding: undefined, page: undefined });
  expect(facts).toContainEqual(['Recreates', `${deletion.ticket} may have deleted it, 2026-11-24 07:10 UTC`]);
  expect(facts).toContainEqual(['Freeze', 'year-end until 2120-01-01 00:00 UTC']);
});
