import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { approversEnroll } from '../../approvals/cli/approvers.ts';
import { approve } from '../../approvals/cli/decide.ts';
import { registerApprovalCommands } from '../../approvals/cli/register.ts';
import { ticketsList, ticketsShow } from '../../approvals/cli/tickets.ts';
import type { RefusalCode } from '../../src/kernel/errors.ts';
import { type CommandResult, exitCodeOf } from '../../src/present/command-result.ts';
import { readsFingerprint } from '../scenes/answers.ts';
import { codeOf, type Installation, openInstallation } from '../scenes/installation.ts';

/** Runs a command line as the program does. */
async function run(
  installation: Installation,
  line: readonly string[],
  answers?: readonly string[],
): Promise<CommandResult> {
  const program = new Command('holdshort').exitOverride().configureOutput({ writeErr: () => undefined });
  let result: CommandResult | undefined;
  registerApprovalCommands(program, async (_options, command) => {
    result = await command(installation.context('noa', answers));
  });
  await program.parseAsync(line, { from: 'user' });
  return result ?? expect.fail('no command ran');
}

describe('deciding at a terminal', () => {
  test('shows the plan, then asks for the name of its target, right under what decides', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const ticket = await installation.openTicket();
    const context = installation.context('noa', ['payments-production']);
    await approve(context, ticket.id, {});
    const [plan = '', question] = context.terminal.shown;
    expect(plan).toContain(ticket.plan!.digest);
    expect(plan.split('\n').slice(-2).join(' ')).toMatch(
      /^PRODUCTION {2}cloudformation:DeleteStack would DELETE 3 resources/,
    );
    expect(question).toContain('(payments-production)');
    expect(context.terminal.shown).toHaveLength(2);
  });

  test.each(['payments-Production', 'payments-production ', '', 'y', 'yes'])(
    'decides nothing for %j',
    async (typed) => {
      const installation = await openInstallation();
      await installation.enroll('noa');
      const ticket = await installation.openTicket();
      expect(await codeOf(approve(installation.context('noa', [typed]), ticket.id, {}))).toBe('not_confirmed');
      expect((await installation.store.forApprover().ticket(ticket.id)).decisions).toEqual([]);
    },
  );

  test('asks for the digest where the name could not be typed or seen whole', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const name = `payments\u200b${'x'.repeat(300)}`;
    const ticket = await installation.openTicket({
      targets: [{ id: 'i-0abc', name, type: 'AWS::EC2::Instance', tags: {} }],
    });
    expect(await codeOf(approve(installation.context('noa', [name]), ticket.id, {}))).toBe('not_confirmed');
    await approve(installation.context('noa', [ticket.plan!.digest.slice(0, 12)]), ticket.id, {});
  });

  test("asks for the key's passphrase only once the name is right", async () => {
    const installation = await openInstallation();
    await approversEnroll(installation.context('noa', ['open sesame', 'open sesame', readsFingerprint]), 'noa', {});
    const ticket = await installation.openTicket();
    expect(
      await codeOf(approve(installation.context('noa', ['payments-production', 'open sesamE']), ticket.id, {})),
    ).toBe('key_invalid');
    expect((await installation.events()).at(-1)).toMatchObject({
      type: 'decision.rejected',
      detail: { code: 'key_invalid' },
    });
    const { data } = await approve(installation.context('noa', ['payments-production', 'open sesame']), ticket.id, {});
    expect(data).toMatchObject({ approved: true });
  });
});

describe('deciding without a terminal', () => {
  test.each([
    ['nothing', {}],
    ['--yes alone', { yes: true }],
    ['half a digest', { yes: true, digest: 'abcdef' }],
    ['a digest alone', { digest: 'a'.repeat(64) }],
  ])('with %s is wrong usage', async (_what, options) => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const ticket = await installation.openTicket();
    expect(await codeOf(approve(installation.context('noa'), ticket.id, options))).toBe('usage');
  });

  test('takes the passphrase from a file', async () => {
    const installation = await openInstallation();
    const file = join(installation.home, 'passphrase');
    writeFileSync(file, 'open sesame\n');
    await approversEnroll(installation.context('noa'), 'noa', { passphraseFile: file });
    const ticket = await installation.openTicket();
    const options = { yes: true, digest: ticket.plan!.digest };
    expect(await codeOf(approve(installation.context('noa'), ticket.id, options))).toBe('usage');
    const { data } = await approve(installation.context('noa'), ticket.id, { ...options, passphraseFile: file });
    expect(data).toMatchObject({ approved: true });
  });
});

describe('who decides', () => {
  test.each([
    ['--as', { as: 'ida' }, {}, 'ida'],
    ['HOLDSHORT_APPROVER', {}, { HOLDSHORT_APPROVER: 'ida' }, 'ida'],
    ['--as before HOLDSHORT_APPROVER', { as: 'ida' }, { HOLDSHORT_APPROVER: 'noa' }, 'ida'],
    ['the OS user', {}, {}, 'noa'],
  ])('is said by %s', async (_what, options, env, person) => {
    const installation = await openInstallation();
    await installation.enroll('noa', 'ida');
    const ticket = await installation.openTicket();
    const { data } = await approve(installation.context('noa', undefined, env), ticket.id, {
      ...options,
      yes: true,
      digest: ticket.plan!.digest,
    });
    expect(data).toMatchObject({ by: person });
  });

  test('is never guessed: the only key here is not used for somebody else', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const ticket = await installation.openTicket();
    const options = { yes: true, digest: ticket.plan!.digest };
    expect(await codeOf(approve(installation.context('root'), ticket.id, options))).toBe('not_enrolled');
  });
});

describe('the command line', () => {
  test('knows its commands', async () => {
    const installation = await openInstallation();
    await run(installation, ['approvers', 'enroll', 'noa', '--no-passphrase']);
    const ticket = await installation.openTicket();
    const digest = ticket.plan!.digest;
    expect((await run(installation, ['tickets', 'list', '--state', 'pending', '--json'])).data).toMatchObject({
      tickets: [{ id: ticket.id }],
    });
    expect((await run(installation, ['tickets', 'show', ticket.id.slice(0, 12)])).data).toMatchObject({
      ticket: { digest },
    });
    expect(
      (await run(installation, ['approve', ticket.id, '--yes', '--digest', digest, '--as', 'noa'])).data,
    ).toMatchObject({
      approved: true,
    });
    expect(
      (await run(installation, ['deny', ticket.id, '--reason', 'no', '--yes', '--digest', digest])).data,
    ).toMatchObject({
      decision: 'deny',
    });
    expect((await run(installation, ['halt', '--reason', 'incident'])).data).toMatchObject({ halted: true });
    expect((await run(installation, ['resume'])).data).toMatchObject({ halted: false });
    await run(installation, ['approvers', 'enroll', 'ida', '--as', 'noa', '--no-passphrase']);
    expect((await run(installation, ['approvers', 'revoke', 'ida'])).data).toMatchObject({ by: 'noa' });
    expect((await run(installation, ['approvers', 'list'])).data).toMatchObject({
      approvers: [{ here: true }, {}, {}, {}],
      halt: null,
    });
  });

  test.each([
    [['deny', 'tkt_abcdef']],
    [['halt']],
    [['tickets', 'list', '--state', 'asleep']],
    [['approve']],
    [['approve', 'tkt_abcdef', '--force']],
  ])('refuses %j', async (line) => {
    const installation = await openInstallation();
    await expect(run(installation, line)).rejects.toThrow();
  });

  test('ends with 3 for a ticket that was denied, refused or is over, and for who may not decide', () => {
    const codes: readonly RefusalCode[] = [
      'denied',
      'expired',
      'withdrawn',
      'stale',
      'policy_forbids',
      'operator_excluded',
      'not_confirmed',
    ];
    expect(codes.map(exitCodeOf)).toEqual(codes.map(() => 3));
  });
});

describe('lists', () => {
  test('show what waits before what was, one line each', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const waiting = await installation.openTicket();
    for (let n = 0; n < 3; n++) {
      const ticket = await installation.openTicket({ region: `eu-west-${n}` });
      await approve(installation.context('noa'), ticket.id, { yes: true, digest: ticket.plan!.digest });
    }
    const { text, data } = await ticketsList(installation.context('noa'), {});
    const lines = text.split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toContain(waiting.id.slice(0, 12));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(data).toMatchObject({ truncated: false });
    expect((await ticketsList(installation.context('noa'), { state: 'denied' })).text).toBe('No ticket is denied.');
  });

  test('name tickets by a beginning that is theirs alone', async () => {
    const installation = await openInstallation();
    const ticket = await installation.openTicket();
    expect((await ticketsShow(installation.context('noa'), ticket.id.slice(4, 12))).data).toMatchObject({
      ticket: { id: ticket.id },
    });
    expect(await codeOf(ticketsShow(installation.context('noa'), 'tkt_zzzzzz'))).toBe('not_found');
  });
});
