import { describe, expect, test } from 'vitest';
import { approve, deny } from '../../approvals/cli/decide.ts';
import { decideSeveral } from '../../approvals/cli/decide-several.ts';
import { DEFAULT_POLICY } from '../../src/policy/default.ts';
import { codeOf } from '../scenes/installation.ts';

import { alone, gated, inserted, listed, MINUTE, NAMES_NOA, opened, REASON, stored, yes } from './glass.ts';

describe('breaking the glass', () => {
  test('is for nobody by default, and the refusal has the line of policy that it would take', async () => {
    const { installation, ticket } = await opened(DEFAULT_POLICY);
    const refused = approve(installation.context('ida'), ticket.id, alone(ticket));
    await expect(refused).rejects.toMatchObject({
      code: 'policy_forbids',
      recovery: expect.stringContaining(
        'permit (principal, action in Action::"change", resource == Environment::"production") when { context.break_glass.key.contains("ida") };',
      ),
    });
    expect((await stored(installation, ticket)).state).toBe('pending');
  });

  test('is for whom policy names, alone, where it otherwise asks two others for more proof', async () => {
    const { installation, ticket } = await opened();
    expect(await codeOf(approve(installation.context('ida'), ticket.id, alone(ticket)))).toBe('policy_forbids');
    expect(await codeOf(approve(installation.context('noa'), ticket.id, yes(ticket)))).toBe('assurance_too_low');
    await approve(installation.context('noa'), ticket.id, alone(ticket));
    expect(await stored(installation, ticket)).toMatchObject({ state: 'approved' });
    expect(await gated(installation, ticket)).toMatchObject({ kind: 'go', clearance: { broken_by: ['noa'] } });
    const recorded = (await installation.events()).filter(({ detail }) => detail.break_glass);
    expect(recorded.map(({ type }) => type)).toEqual(['decision.rejected', 'decision.recorded', 'ticket.approved']);
  });

  test('is for the operator too, where policy names them', async () => {
    const { installation, ticket } = await opened();
    await approve(installation.context('mara'), ticket.id, alone(ticket));
    expect(await gated(installation, ticket)).toMatchObject({ kind: 'go', clearance: { broken_by: ['mara'] } });
  });

  test('stands for 15 minutes', async () => {
    const { installation, ticket } = await opened();
    await approve(installation.context('noa'), ticket.id, alone(ticket));
    installation.tick(15 * MINUTE - 1);
    expect((await gated(installation, ticket)).kind).toBe('go');
    installation.tick(1);
    expect(await gated(installation, ticket)).toMatchObject({
      kind: 'stop',
      refusal: {
        code: 'approval_invalid',
        message: expect.stringMatching(/^noa broke the glass until .*, which was over before it began$/),
      },
    });
  });

  test.each([
    ['for longer', (now: number) => ({ expires_at: new Date(now + 16 * MINUTE).toISOString() })],
    [
      'from a moment that is still to come',
      (now: number) => ({
        signed_at: new Date(now + 60 * MINUTE).toISOString(),
        expires_at: new Date(now + 75 * MINUTE).toISOString(),
      }),
    ],
    ['without a reason', () => ({ reason: undefined })],
    ['with an empty one', () => ({ reason: '  ' })],
  ])('signed by hand %s does not count', async (_what, more) => {
    const { installation, ticket } = await opened();
    await inserted(installation, ticket, 'noa', more(installation.context('noa').now().getTime()));
    expect(await gated(installation, ticket)).toMatchObject({
      kind: 'stop',
      refusal: { message: expect.stringContaining('(glass out of order)') },
    });
  });

  test('needs a reason, one ticket, an approval, and that nothing else would do', async () => {
    const { installation, ticket } = await opened();
    const other = await installation.openTicket({ targets: [] });
    const context = installation.context('noa');
    expect(await codeOf(approve(context, ticket.id, { ...alone(ticket), reason: undefined }))).toBe('usage');
    expect(await codeOf(approve(context, ticket.id, alone(ticket, '  ')))).toBe('usage');
    const several = { breakGlass: true, reason: REASON };
    expect(await codeOf(decideSeveral(context, [ticket.id, other.id], 'approve', several))).toBe('usage');
    expect(await codeOf(decideSeveral(context, [ticket.id], 'approve', { ...several, withdraw: true }))).toBe('usage');
    const plain = await opened(undefined, {
      policy: 'permit (principal, action, resource) when { context.approvals.all.key >= 1 };',
    });
    const refused = approve(plain.installation.context('noa'), plain.ticket.id, alone(plain.ticket));
    await expect(refused).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('nothing needs') });
  });

  test('does not get past a rule that forbids, nor past a denial', async () => {
    const { installation, ticket } = await opened(
      `${NAMES_NOA}forbid (principal, action, resource) when { context.effects.contains(Effect::"delete") };`,
    );
    const refused = approve(installation.context('noa'), ticket.id, alone(ticket));
    await expect(refused).rejects.toMatchObject({
      code: 'policy_forbids',
      message: expect.stringContaining('broken glass or not'),
    });
    await inserted(installation, ticket, 'noa', {});
    expect((await gated(installation, ticket)).kind).toBe('stop');

    const denied = await opened();
    await approve(denied.installation.context('noa'), denied.ticket.id, alone(denied.ticket));
    await deny(denied.installation.context('ida'), denied.ticket.id, { ...yes(denied.ticket), reason: 'wait for me' });
    expect(await stored(denied.installation, denied.ticket)).toMatchObject({ state: 'denied' });
    // Someone else has looked.
    expect(await listed(denied.installation)).not.toContain('GLASS');
  });

  test('is asked for at the terminal with a loud line right above the question', async () => {
    const { installation, ticket } = await opened();
    const context = installation.context('noa', ['payments-production']);
    await approve(context, ticket.id, { breakGlass: true, reason: REASON });
    const [plan = '', question] = context.terminal.shown;
    expect(plan.split('\n').slice(-6).join('\n')).toContain('YOU BREAK THE GLASS');
    expect(question).toContain('To BREAK THE GLASS on this as noa, type');
  });
});
