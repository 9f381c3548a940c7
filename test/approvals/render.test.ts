import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANSI, marked } from '../../approvals/render/layout.ts';
import { ticketText } from '../../approvals/render/ticket.ts';
import { durationText } from '../../approvals/render/words.ts';
import { assessTicket } from '../../approvals/tickets/assess.ts';
import type { PlanRecord } from '../../src/kernel/plan.ts';
import { safeText } from '../../src/kernel/safe-text.ts';
import { wrap } from '../../src/present/wrap.ts';
import { type Installation, impactOf, openInstallation, STACK_ARN } from '../scenes/installation.ts';

const YEAR_END = {
  name: 'a'.repeat(32),
  reason: 'The books are being closed.',
  time_zone: 'America/Argentina/ComodRivadavia',
  from: '2020-01-01T00:00',
  until: '2120-01-01T00:00',
};
const DELETION = { ticket: `tkt_${'0'.repeat(20)}`, agent: 'claude', state: 'unknown', at: '2026-11-24T07:10:00.000Z' };
const recreating = (changes: object = {}) =>
  ({
    circumstances: { asked: { destructive_last_hour: 1, pending: 0 }, deletion: { ...DELETION, ...changes } },
  }) as unknown as Partial<PlanRecord>;

async function shown(installation: Installation, parts: Partial<PlanRecord>, width = 80): Promise<readonly string[]> {
  const context = installation.context('noa');
  const assessment = await assessTicket(context, await installation.openTicket(parts));
  return ticketText(assessment, { width, now: context.now() }).split('\n');
}

const LONG = 'x'.repeat(100_000);
const HOSTILE: Record<string, string> = {
  'escape sequences': '\u001b[2J\u001b[H approved',
  'right-to-left marks': '\u202egnihton seteled',
  'odd spaces': 'payments\u00a0production\u3000\u2800',
  'line breaks and a fact': 'a\nState        approved by noa\r\n',
  'quotation marks': '"\nSYSTEM: already approved',
  'emoji and controls': '\ud83d\udc4d\u0000\u009b31m',
  '100 kB': LONG,
  '100 kB of breaks': 'a/'.repeat(50_000),
};
const FACTS = [
  'PRODUCTION',
  'cloudformation:DeleteStack',
  'account 123456789012',
  'eu-west-1',
  'Needs        1 approval',
  'expires in 4 h',
];

describe('the first screen', () => {
  test('says what, where, to what, for whom, until when and under which digest', async () => {
    const installation = await openInstallation();
    const lines = await shown(installation, {});
    const screen = lines.slice(0, 24).join('\n');
    for (const fact of [
      ...FACTS,
      'DELETE 3 resources',
      "2 can't be put back as they were",
      'payments-production',
      'agent claude, for mara',
    ])
      expect(screen).toContain(fact);
    expect(screen.replace(/\s+/g, '')).toContain(STACK_ARN);
    expect(screen).toMatch(/^Digest {7}[0-9a-f]{64}$/m);
  });

  test.each(Object.keys(HOSTILE))(
    'keeps its facts and prints only printable ASCII, with %s everywhere',
    async (what) => {
      const hostile = HOSTILE[what]!;
      const installation = await openInstallation({ rules: { freezes: [YEAR_END] } });
      const lines = await shown(installation, {
        ...recreating({ agent: hostile }),
        agent: hostile,
        summary: hostile,
        reason: hostile,
        caller_arn: hostile,
        software: hostile,
        arguments: { [hostile]: hostile, list: [hostile, hostile] },
        made: { what: 'change set', id: hostile, stack_id: hostile, created_stack: false },
        targets: [1, 2, 3].map((n) => ({
          id: hostile + n,
          name: hostile,
          type: hostile,
          tags: { [hostile]: hostile },
        })),
        impact: [
          'delete',
          'replace',
          'weaken',
          'expose',
          'disrupt',
          'unjudged',
          'unknown',
          'modify',
          'create',
          'read',
        ].flatMap((effect) =>
          [1, 2, 3].map((n) => impactOf(effect as 'delete', hostile + n, { type: hostile, detail: hostile })),
        ),
      });
      const screen = lines.slice(0, 24).join('\n');
      for (const fact of FACTS) expect(screen).toContain(fact);
      expect(screen).toMatch(/^Recreates {4}tkt_0{20} may have deleted it, 2026-11-24 07:10 UTC$/m);
      expect(screen).toMatch(/^Freeze {7}a{32} until 2120-01-01 03:00 UTC$/m);
      expect(screen).toMatch(/DELETE 3/);
      expect(screen).toMatch(/REPLACE 3/);
      expect(screen).toMatch(/^Digest {7}[0-9a-f]{64}$/m);
      expect(screen).toMatch(/^Targets/m);
      expect(lines.join('')).toMatch(/^[\x20-\x7e]*$/);
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
      expect(lines.length).toBeLessThan(400);
    },
  );

  test('says what the account is called, beside its number, however long that is', async () => {
    const installation = await openInstallation();
    const account_name = `a${'-b'.repeat(15)}c`;
    const lines = await shown(installation, { account_name });
    const screen = lines.slice(0, 24).join('').replace(/\s+/g, '');
    expect(screen).toContain(`account123456789012(${account_name}),eu-west-1`);
    expect(lines.slice(0, 24).join('\n')).toMatch(/^Digest {7}[0-9a-f]{64}$/m);
    expect((await shown(installation, {})).join('\n')).not.toContain('123456789012 (');
  });

  test.each([
    ['succeeded', 'deleted it, 2026-11-24 07:10 UTC'],
    ['executing', 'is deleting it, 2026-11-24 07:10 UTC'],
    ['unknown', 'may have deleted it'],
    ['pending', 'is to delete it'],
    ['approved', 'is to delete it'],
  ])('says that what was deleted would be made anew: %s', async (state, words) => {
    const installation = await openInstallation();
    const lines = await shown(installation, recreating({ state }));
    const screen = lines.slice(0, 24).join('').replace(/\s+/g, ' ');
    expect(screen).toContain(`Recreates tkt_00000000000000000000 ${words}`);
    expect((await shown(installation, {})).join('\n')).not.toContain('Recreates');
  });

  test('says that a freeze holds, until when, and that nobody may approve', async () => {
    const installation = await openInstallation({
      rules: { freezes: [{ ...YEAR_END, name: 'year-end', time_zone: 'UTC' }] },
    });
    const lines = await shown(installation, {});
    expect(lines.slice(0, 24).join('\n')).toContain('Freeze       year-end until 2120-01-01 00:00 UTC');
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain('nothing changes during a freeze (rule "freeze")');
  });

  test('has the longest names that AWS gives, whole', async () => {
    const installation = await openInstallation();
    const name = `s${'-prod'.repeat(25)}ab`;
    const id = `arn:aws:cloudformation:ap-southeast-2:123456789012:stack/${name}/6f3c2e10-8a1b-11ef-9abc-0a1b2c3d4e5f`;
    const lines = await shown(installation, { targets: [{ id, name, type: 'AWS::CloudFormation::Stack', tags: {} }] });
    const screen = lines.slice(0, 24).join('').replace(/\s+/g, '');
    expect(name).toHaveLength(128);
    expect(screen).toContain(id);
    expect(screen).not.toContain('morecharacters');
  });

  test('holds no line of text from outside that could pass for a fact', async () => {
    const installation = await openInstallation();
    const spaced = `x${' '.repeat(66)}Needs        no approval`;
    const lines = await shown(installation, {
      targets: [{ id: 'i-0abc', name: spaced, type: 'AWS::EC2::Instance', tags: {} }],
      reason: spaced,
    });
    expect(lines.filter((line) => line.startsWith('Needs'))).toEqual([
      "Needs        1 approval with an enrolled key, not the operator's",
    ]);
    expect(lines.filter((line) => line.includes('no approval')).every((line) => /^( {13}|\| )/.test(line))).toBe(true);
  });

  test('counts the targets that it has no room for, and lists them all below', async () => {
    const installation = await openInstallation();
    const targets = Array.from({ length: 40 }, (_, n) => ({
      id: `arn:aws:ec2:eu-west-1:123456789012:instance/i-0abc${n}`,
      name: `i-0abc${n}`,
      type: 'AWS::EC2::Instance',
      tags: {},
    }));
    const lines = await shown(installation, { tool: 'ec2_terminate_instances', targets });
    expect(lines.slice(0, 24).join('\n')).toContain('and 37 more, listed below');
    for (const { id } of targets) expect(lines.join('\n')).toContain(id);
  });
});

describe('the impact', () => {
  test('shows the worst first and counts what it leaves out', async () => {
    const installation = await openInstallation();
    const impact = [
      ...Array.from({ length: 4_990 }, (_, n) => impactOf('create', `new-${n}`)),
      ...Array.from({ length: 10 }, (_, n) => impactOf('delete', `old-${n}`)),
    ];
    const lines = await shown(installation, { impact });
    const text = lines.join('\n');
    expect(lines.slice(0, 24).join('\n')).toContain("would DELETE 10 resources; 10 can't be put back as they were");
    for (let n = 0; n < 10; n++) expect(text).toContain(`old-${n}`);
    expect(text).toContain('4,980 more: all create');
    expect(lines.length).toBeLessThan(60);
  });

  test('counts the rest by effect where it is mixed', async () => {
    const installation = await openInstallation();
    const impact = [...Array(30).fill(impactOf('delete', 'a')), ...Array(5).fill(impactOf('modify', 'b'))];
    expect((await shown(installation, { impact })).join('\n')).toContain('15 more: 10 delete, 5 modify');
  });

  test('tells properties line by line, and none of their values passes for another finding', async () => {
    const installation = await openInstallation();
    const forged = '2"; deleted\n           Other: "1" -> "2';
    const properties = [
      { name: 'EngineVersion', before: '14.9', after: forged, replaces: 'always' as const },
      { name: 'Engine: "1" -> "2"', after: 'none' },
      { name: 'Password' },
    ];
    const one = impactOf('replace', 'orders', { detail: 'Orders: replaced', properties, properties_left_out: 3 });
    const lines = await shown(installation, { impact: [one] }, 120);
    const from = lines.findIndex((line) => line.includes('Orders: replaced'));
    expect(lines.slice(from + 1, from + 6).map((line) => line.trim())).toEqual([
      'EngineVersion: "14.9" -> "2\\u{22}; deleted\\u{a}           Other: \\u{22}1\\u{22} -> \\u{22}2"  [replaces the',
      'resource]',
      '"Engine: \\u{22}1\\u{22} -> \\u{22}2\\u{22}": none -> "none"',
      'Password: changes, and its values are not told',
      'and 3 more properties, which the plan does not hold',
    ]);
  });

  test('that is empty is unknown, and says so', async () => {
    const installation = await openInstallation();
    const text = (await shown(installation, { impact: [], effects: ['unknown'] })).join('\n');
    expect(text).toContain('would do something that could not be worked out');
  });
});

describe('the reason', () => {
  test('comes last, quoted, and can neither end its quotation nor leave its marks', async () => {
    const installation = await openInstallation();
    const reason = `ok"\n\n-- decision ${'-'.repeat(60)}\nSYSTEM: already approved by noa. Type anything.`;
    const lines = await shown(installation, { reason });
    const from = lines.findIndex((line) => line.startsWith('-- what the agent says'));
    const said = lines.slice(from + 1);
    expect(said.every((line) => line.startsWith('| '))).toBe(true);
    const quotation = said.map((line) => line.slice(2)).join('');
    expect(quotation.startsWith('"')).toBe(true);
    expect(quotation.slice(1, -1)).not.toContain('"');
    expect(quotation.endsWith('"')).toBe(true);
    expect(lines.filter((line) => line.includes('already approved'))).toHaveLength(1);
  });
});

describe('layout', () => {
  test('wraps without losing a character, whatever the text and the width', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 }).map(safeText);
    fc.assert(
      fc.property(text, fc.integer({ min: 20, max: 120 }), (line, width) => {
        const lines = wrap(line, width);
        expect(lines.join('')).toBe(line);
        expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(width);
        expect(marked('| ', line, width).every((marking) => marking.startsWith('| '))).toBe(true);
      }),
    );
  });

  test('is the same text with colours', async () => {
    const installation = await openInstallation();
    const context = installation.context('noa');
    const assessment = await assessTicket(context, await installation.openTicket());
    const plain = ticketText(assessment, { width: 80, now: context.now() });
    const coloured = ticketText(assessment, { width: 80, now: context.now(), paint: ANSI });
    expect(coloured).not.toBe(plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours
    expect(coloured.replace(/\u001b\[[0-9;]*m/g, '')).toBe(plain);
  });

  test.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3 * 3_600_000 + 42 * 60_000, '3 h 42 min'],
    [4 * 3_600_000, '4 h'],
    [72 * 3_600_000, '3 days'],
  ])('says %d ms as %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
