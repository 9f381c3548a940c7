import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { makePlace } from '../scenes/front-door.ts';
import { failureOf, temporaryFolder } from './home.ts';

const FREEZE = 'name: a\n    reason: r\n    time_zone: UTC';

/** Text, the line that is named, what the message names, what the recovery says. */
const WRONG: readonly (readonly [string, number, string, string])[] = [
  ['# a\napprovals:\n  expires_after: 4h', 3, 'unknown key approvals.expires_after', 'did you mean expire_after?'],
  ['environment: []', 1, 'unknown key environment', 'did you mean environments?'],
  ['xyz: 1', 1, 'unknown key xyz', 'environments, agents, freezes, quotas, approvals, policy, aws'],
  ['policy: p\npolicy: q', 2, 'unique', 'correct'],
  ['{ "policy": "p",\n "policy": "q" }', 2, 'unique', 'correct'],
  ['policy: !file p', 1, 'tag', 'correct'],
  // Of an environment's tags it would be left out, and the rest would hold for more than was written.
  [
    'environments:\n  - name: staging\n    match: { tags: { __proto__: a, env: b } }',
    3,
    '__proto__',
    'take that line out',
  ],
  [
    'environments:\n  - name: staging\n    match:\n      tags: { "__proto__": a }',
    4,
    '__proto__',
    'take that line out',
  ],
  ['a: "', 1, 'quote', 'correct'],
  [
    'environments:\n  - name: staging\n    match:\n      accounts: ["1", 012345678901]',
    4,
    'environments[0].match.accounts[0]: an account is 12 digits',
    'correct',
  ],
  [
    'environments:\n  - name: staging\n    match:\n      accounts:\n        - 012345678901',
    5,
    '012345678901',
    'in quotes: "012345678901"',
  ],
  ['environments:\n  - name: staging\n    match: { tags: { env: yes, on: true } }', 3, 'tags.on', '"true"'],
  [
    'environments:\n  - name: prod\n    match: { regions: [x] }',
    2,
    "environments[0].name can't be prod",
    'did you mean production? write one of sandbox, development',
  ],
  ['environments:\n  - match: { regions: [x] }', 2, 'environments[0].name is missing', 'sandbox, development'],
  [
    'environments:\n  - name: staging\n    match: { regions: [eu-west1] }',
    3,
    'must be a region, as in eu-west-1',
    'correct',
  ],
  [
    'environments:\n  - name: staging\n    match: { stack_names: dev-* }',
    3,
    'stack_names must be a list',
    'write a list: ["dev-*"]',
  ],
  ['environments:\n  - name: staging\n   match: { regions: [eu-west-1] }', 3, '', 'how far it is set in'],
  ['environments:\n  - name: staging\n    match: {}', 3, 'environments[0].match: ', 'correct'],
  ['environments:\n  - name: sandbox\n    match: { tags: {} }', 3, 'environments[0].match.tags: ', 'correct'],
  ['environments: staging', 1, 'environments must be a list', 'docs/configuration.md'],
  ['- policy', 1, 'the file must be a group of keys', 'docs/configuration.md'],
  ['approvals:\n  expire_after: 4 hours', 2, 'approvals.expire_after', 'correct'],
  ['approvals:\n  expire_after: 4', 2, "must be a string, and 4 isn't one", '45s, 30m, 4h, 2d'],
  ['approvals:\n  expire_after: 0h', 2, 'approvals.expire_after', 'correct'],
  ['approvals:\n  expire_after: 31d', 2, '30d', 'correct'],
  ['policy: p\naws:\n  read_role_arn: reader', 3, 'aws.read_role_arn', 'correct'],
  ['agents:\n  - name: Deploy', 2, 'agents[0].name: must be an agent', 'correct'],
  ['agents:\n  - name: a\n    tools: ["ec2:*"]', 3, 'agents[0].tools[0]: must be the name of a tool', 'correct'],
  [
    'agents:\n  - name: a\n    tools: ["ec2_*", cloudformation_deploy]',
    3,
    'agents[0].tools[1]: no tool is called cloudformation_deploy; did you mean cloudformation_deploy_stack?',
    'correct',
  ],
  ['agents:\n  - name: a\n    tools: []', 3, 'agents[0].tools: ', 'correct'],
  ['agents:\n  - name: a\n    environment: staging', 3, 'unknown key agents[0].environment', 'environments?'],
  [`freezes:\n  - ${FREEZE}\n    from: 2026-02-30T10:00\n    until: 2026-03-01T10:00`, 5, 'freezes[0].from', 'correct'],
  [`freezes:\n  - ${FREEZE}\n    from: 2026-03-02T10:00\n    until: 2026-03-01T10:00`, 6, 'later than from', 'correct'],
  [
    `freezes:\n  - ${FREEZE}\n    days: [monday]\n    from: 2026-03-02T10:00\n    until: 25:00`,
    6,
    'time of day',
    'correct',
  ],
  [`freezes:\n  - ${FREEZE}\n    days: [monday]\n    from: 10:00\n    until: 25:00`, 7, 'freezes[0].until', 'correct'],
  [
    `freezes:\n  - ${FREEZE}\n    days: [someday]\n    from: 10:00\n    until: 11:00`,
    5,
    'freezes[0].days[0]',
    'sunday, monday',
  ],
  [
    'freezes:\n  - name: a\n    reason: r\n    time_zone: Europe/Zurik\n    from: 2026-03-02T10:00\n    until: 2026-03-03T10:00',
    4,
    'freezes[0].time_zone: must be a time zone of the IANA database',
    'correct',
  ],
  ['freezes:\n  - name: a\n    time_zone: UTC\n    from: a\n    until: b', 2, 'freezes[0].reason is missing', 'docs/'],
  [
    'freezes:\n  - name: a\n    why: r\n    time_zone: UTC\n    from: 2026-01-01T00:00\n    until: 2026-01-02T00:00',
    3,
    'unknown key freezes[0].why',
    'name, reason',
  ],
  ['quotas:\n  pending: -1', 2, 'quotas.pending: ', 'correct'],
  ['quotas:\n  pending: many', 2, 'quotas.pending must be a number', 'docs/'],
  ['quotas:\n  pending: "5"', 2, 'quotas.pending must be a number', 'take the quotes away: 5'],
  ['quotas:\n  per_hour: 1', 2, 'unknown key quotas.per_hour', 'destructive_per_hour, pending'],
  ['tags:\n  no_effect: [Owner]', 2, 'unknown key tags.no_effect', 'without_effect'],
  [
    'tags:\n  without_effect:\n    - Owner\n    - "cost-*"',
    4,
    'tags.without_effect[1]: must be a whole key',
    'correct',
  ],
  ['tags:\n  without_effect: [""]', 2, 'tags.without_effect[0]: must be the key of a tag', 'correct'],
  ['tags:\n  without_effect: ["aws:cloudformation:stack-id"]', 2, 'must not begin with "aws:"', 'correct'],
  ['tags:\n  without_effect: ["Holdshort:ticket"]', 2, 'must not begin with "aws:" or "holdshort:"', 'correct'],
  [
    'environments:\n  - name: staging\n    match: { tags: { env: staging } }\ntags:\n  without_effect:\n    - Owner\n    - Env',
    7,
    'tags.without_effect[1]: is a key by which rules of environments tell them apart; take it out of this list, or match',
    'correct tags.without_effect[1]',
  ],
];

describe('a configuration that is wrong says where and what instead', () => {
  it.each(WRONG)('%j', async (text, line, names, recovery) => {
    await using home = await temporaryFolder();
    const file = await home.write('config.yaml', text);
    const error = await failureOf(() => loadConfig({ env: { HOLDSHORT_HOME: home.path } }));
    expect(error.code).toBe('config_invalid');
    expect(error.message).toContain(`${file}:${line}: `);
    expect(error.message).toContain(names);
    expect(error.recovery).toContain(recovery);
  });

  it('in printable characters only, whatever the file holds', async () => {
    await using place = makePlace({ config: '"pol\\e[2J\u202ei": p' });
    const ran = await place.cli(['tickets', 'list']);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('config.yaml:1');
    expect(ran.stderr).toMatch(/^[\x20-\x7e\n]*$/);
  });
});
