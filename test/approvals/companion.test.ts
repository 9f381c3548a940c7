import { Client } from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { StoredTicket } from '../../src/store/port.ts';
import { companionOn } from '../scenes/companion.ts';
import { type Installation, impactOf, openInstallation } from '../scenes/installation.ts';

type Answer = { action: 'accept' | 'decline' | 'cancel'; content?: Record<string, string> };
type Person = (form: { message: string }) => Answer;

interface Chat {
  call(name: string, args?: Record<string, unknown>): Promise<Said>;
}

interface Said {
  readonly text: string;
  readonly data: Record<string, unknown>;
  readonly isError: boolean;
}

function said(result: unknown): Said {
  const { content, structuredContent, isError } = result as {
    content: { text: string }[];
    structuredContent?: Record<string, unknown>;
    isError?: boolean;
  };
  return { text: content[0]?.text ?? '', data: structuredContent ?? {}, isError: isError ?? false };
}

/** A chat client of the present SDK, in one of its two protocol eras; without a person it declares no elicitation. */
const v2 =
  (mode: 'legacy' | { pin: '2026-07-28' }) =>
  async (installation: Installation, person: Person | undefined, osUser = 'noa'): Promise<Chat> => {
    const client = new Client(
      { name: 'test', version: '1' },
      { capabilities: person ? { elicitation: { form: {} } } : {}, versionNegotiation: { mode } },
    );
    if (person) client.setRequestHandler('elicitation/create', ({ params }) => person({ message: params.message }));
    await client.connect(companionOn(installation.home, osUser));
    onTestFinished(() => client.close());
    return { call: async (name, args = {}) => said(await client.callTool({ name, arguments: args })) };
  };

/** An older client, of the SDK's first line. */
async function v1(installation: Installation, person: Person | undefined, osUser = 'noa'): Promise<Chat> {
  const client = new V1Client({ name: 'test', version: '1' }, { capabilities: person ? { elicitation: {} } : {} });
  if (person) client.setRequestHandler(ElicitRequestSchema, ({ params }) => person({ message: params.message }));
  await client.connect(companionOn(installation.home, osUser));
  onTestFinished(() => client.close());
  return { call: async (name, args = {}) => said(await client.callTool({ name, arguments: args })) };
}

const CLIENTS = { 'a 2026-07-28 client': v2({ pin: '2026-07-28' }), 'a 2025 client': v2('legacy'), 'a v1 client': v1 };
const names = Object.keys(CLIENTS) as (keyof typeof CLIENTS)[];

async function developmentTicket(parts: Parameters<Installation['openTicket']>[0] = {}) {
  const installation = await openInstallation();
  await installation.enroll('noa', 'ida');
  const ticket = await installation.openTicket({ environment: 'development', ...parts });
  return { installation, ticket };
}

const types = async (installation: Installation) => (await installation.events()).map(({ type }) => type);
const stateOf = async (installation: Installation, ticket: StoredTicket) =>
  (await installation.store.forApprover().ticket(ticket.id)).state;
const accept =
  (name: string): Person =>
  () => ({ action: 'accept', content: { target_name: name } });

describe.each(names)('%s', (name) => {
  const connect = CLIENTS[name];

  test('lists and shows what waits', async () => {
    const { installation, ticket } = await developmentTicket();
    const chat = await connect(installation, undefined);
    expect((await chat.call('approvals_list')).data).toMatchObject({
      tickets: [{ ticket_id: ticket.id, state: 'pending' }],
    });
    const shown = await chat.call('approvals_show', { ticket_id: ticket.id });
    expect(shown.text).toContain('would DELETE 3 resources');
    expect(shown.data).toMatchObject({ digest: ticket.plan!.digest, requirement: { assurance: 'client' } });
  });

  test('approves when the person types the name of the target', async () => {
    const { installation, ticket } = await developmentTicket();
    let message = '';
    const chat = await connect(installation, (form) => {
      message = form.message;
      return { action: 'accept', content: { target_name: 'payments-production' } };
    });
    const answer = await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'approve' });
    expect(answer).toMatchObject({ isError: false, data: { decided: true, by: 'noa', state: 'approved' } });
    expect(message).toContain('APPROVE this as noa?');
    expect(message).toContain(ticket.plan!.digest);
    const [decision] = (await installation.store.forApprover().ticket(ticket.id)).decisions;
    expect(JSON.parse(decision!.statement)).toMatchObject({
      assurance: 'client',
      by: 'noa',
      digest: ticket.plan!.digest,
    });
  });

  test.each([
    ['accepts by itself', () => ({ action: 'accept' as const, content: {} })],
    ['makes an answer up', accept('yes')],
  ])('that %s decides nothing, which is logged', async (_what, person) => {
    const { installation, ticket } = await developmentTicket();
    const chat = await connect(installation, person);
    const answer = await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'approve' });
    expect(answer).toMatchObject({ isError: true, data: { refusal: { code: 'not_confirmed' } } });
    expect(await stateOf(installation, ticket)).toBe('pending');
    expect((await types(installation)).at(-1)).toBe('decision.rejected');
  });

  test.each(['yes', '', 'payments-production'])('D24: denies only with a y, and not with %o', async (answer) => {
    const { installation, ticket } = await developmentTicket();
    const given = [answer, 'y'];
    const chat = await connect(installation, () => ({ action: 'accept', content: { deny: given.shift() ?? '' } }));
    const call = () => chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'deny' });
    expect(await call()).toMatchObject({ isError: true, data: { refusal: { code: 'not_confirmed' } } });
    expect(await stateOf(installation, ticket)).toBe('pending');
    expect(await call()).toMatchObject({ data: { decided: true, state: 'denied' } });
  });

  test.each(['decline', 'cancel'] as const)('with a %s decides nothing and says how to', async (action) => {
    const { installation, ticket } = await developmentTicket();
    const chat = await connect(installation, () => ({ action }));
    const answer = await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'deny' });
    expect(answer.data).toMatchObject({ decided: false });
    expect(answer.text).toContain(`holdshort deny ${ticket.id}`);
    expect(await stateOf(installation, ticket)).toBe('pending');
    expect(await types(installation)).not.toContain('decision.rejected');
  });

  test('that can show no form decides nothing and says how to', async () => {
    const { installation, ticket } = await developmentTicket();
    const chat = await connect(installation, undefined);
    const answer = await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'approve' });
    expect(answer.data).toMatchObject({ decided: false, digest: ticket.plan!.digest });
    expect(answer.text).toContain(`holdshort approve ${ticket.id}`);
    expect(await stateOf(installation, ticket)).toBe('pending');
  });

  test('is not even asked where more than a chat answer is needed, but may always deny', async () => {
    const { installation, ticket } = await developmentTicket({ environment: 'production' });
    let asked = 0;
    const chat = await connect(installation, () => {
      asked++;
      return { action: 'accept', content: { deny: 'y', reason: 'not in office hours' } };
    });
    const before = await types(installation);
    const answer = await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'approve' });
    expect(answer).toMatchObject({ data: { decided: false } });
    expect(answer.text).toContain(`holdshort approve ${ticket.id}`);
    expect([asked, await types(installation)]).toEqual([0, before]);
    const denial = await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'deny' });
    expect(denial).toMatchObject({ data: { decided: true, state: 'denied' } });
    expect((await installation.store.forApprover().ticket(ticket.id)).refusal?.message).toBe(
      'denied by noa: not in office hours',
    );
  });

  test('of somebody who is not enrolled is told so', async () => {
    const { installation, ticket } = await developmentTicket();
    const chat = await connect(installation, accept('payments-production'), 'eve');
    const answer = await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'approve' });
    expect(answer).toMatchObject({ isError: true, data: { refusal: { code: 'not_enrolled' } } });
  });
});

describe('a client that plays the rounds itself', () => {
  async function manual(installation: Installation) {
    const client = new Client(
      { name: 'test', version: '1' },
      {
        capabilities: { elicitation: { form: {} } },
        versionNegotiation: { mode: { pin: '2026-07-28' } },
        inputRequired: { autoFulfill: false },
      },
    );
    await client.connect(companionOn(installation.home, 'noa'));
    onTestFinished(() => client.close());
    const round = async (args: Record<string, unknown>, more: Record<string, unknown> = {}) =>
      (await client.callTool(
        { name: 'approvals_decide', arguments: args, ...more } as never,
        {
          allowInputRequired: true,
        } as never,
      )) as unknown as { requestState?: string } & Record<string, unknown>;
    return round;
  }

  const answerOf = (name: string) => ({ decision: { action: 'accept', content: { target_name: name } } });

  test('decides nothing with an answer to a question that was not asked', async () => {
    const { installation, ticket } = await developmentTicket();
    const round = await manual(installation);
    const first = await round(
      { ticket_id: ticket.id, decision: 'approve' },
      { inputResponses: answerOf('payments-production') },
    );
    expect(first.requestState).toEqual(expect.any(String));
    expect(await stateOf(installation, ticket)).toBe('pending');
    await expect(
      round(
        { ticket_id: ticket.id, decision: 'approve' },
        { inputResponses: answerOf('payments-production'), requestState: 'v1.e30.AAAA' },
      ),
    ).rejects.toThrow(/requestState/);
    expect(await stateOf(installation, ticket)).toBe('pending');
  });

  test('can use an answer once, and only for the decision and the ticket that were shown', async () => {
    const { installation, ticket } = await developmentTicket();
    const other = await installation.openTicket({ environment: 'development', impact: [impactOf('delete', 'i-0abc')] });
    const round = await manual(installation);
    const ask = async (decision: string) => (await round({ ticket_id: ticket.id, decision })).requestState;

    const toDeny = await ask('deny');
    const swapped = said(
      await round(
        { ticket_id: ticket.id, decision: 'approve' },
        { inputResponses: answerOf('payments-production'), requestState: toDeny },
      ),
    );
    expect(swapped).toMatchObject({ isError: true, data: { refusal: { code: 'not_confirmed' } } });

    const toApprove = await ask('approve');
    const moved = said(
      await round(
        { ticket_id: other.id, decision: 'approve' },
        { inputResponses: answerOf('payments-production'), requestState: toApprove },
      ),
    );
    expect(moved.isError).toBe(true);
    expect([await stateOf(installation, ticket), await stateOf(installation, other)]).toEqual(['pending', 'pending']);

    const wrong = { inputResponses: answerOf('payments'), requestState: await ask('approve') };
    const right = { ...wrong, inputResponses: answerOf('payments-production') };
    const args = { ticket_id: ticket.id, decision: 'approve' };
    expect(said(await round(args, wrong)).isError).toBe(true);
    expect(said(await round(args, right)).data).toMatchObject({ refusal: { code: 'not_confirmed' } });
    expect(await stateOf(installation, ticket)).toBe('pending');

    const again = await ask('approve');
    const rounds = { inputResponses: answerOf('payments-production'), requestState: again };
    expect(said(await round({ ticket_id: ticket.id, decision: 'approve' }, rounds)).data).toMatchObject({
      decided: true,
    });
    expect(said(await round({ ticket_id: ticket.id, decision: 'approve' }, rounds))).toMatchObject({ isError: true });
    expect((await installation.store.forApprover().ticket(ticket.id)).decisions).toHaveLength(1);
  });
});

test('the surface of the companion: three tools, of which one needs a person, and a prompt', async () => {
  const installation = await openInstallation();
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(companionOn(installation.home, 'noa'));
  onTestFinished(() => client.close());
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['approvals_list', 'approvals_show', 'approvals_decide']);
  expect(tools.map(({ _meta }) => _meta?.['anthropic/requiresUserInteraction'])).toEqual([undefined, undefined, true]);
  expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(['review']);
  const { messages } = await client.getPrompt({ name: 'review', arguments: {} });
  expect(messages).toHaveLength(1);
});
