import { readFileSync } from 'node:fs';
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import * as sts from '@aws-sdk/client-sts';
import { describe, expect, it, test } from 'vitest';
import { isDestructive } from '../../src/kernel/effects.ts';
import { policyOf, verdictOf } from '../../src/sandbox/iam/policy.ts';
import { TOOLS } from '../../tools/index.ts';

/** What docs/aws-setup.md closes beside the gate, as it stands on the page. */

const page = readFileSync(new URL('../../docs/aws-setup.md', import.meta.url), 'utf8');
const [, section = ''] = page.split('## The other door');
const texts = [...section.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => text);
const [scp, boundary] = texts.map((text) => policyOf(JSON.parse(text)));

interface Asking {
  readonly principal?: string;
  readonly resource?: string;
  readonly context?: Readonly<Record<string, string>>;
}

const ROLE = 'arn:aws:iam::123456789012:role/';
const ENGINEER = `${ROLE}engineers/mara`;
const EXECUTES = `${ROLE}holdshort-execute`;

const says = (policy: typeof scp, action: string, { principal = ENGINEER, resource = 'arn:x', context }: Asking = {}) =>
  verdictOf([policy!], { action, resource, context: { 'aws:PrincipalArn': principal, ...context } });

/** What a tool sends that could hurt. */
const harmful = TOOLS.flatMap((tool) =>
  tool.kind === 'change' && tool.effects.some(isDestructive) ? [tool.action] : [],
);
const harmless = TOOLS.flatMap((tool) =>
  tool.kind === 'change' && !tool.effects.some(isDestructive) ? [tool.action] : [],
);

test('there are two, of the sizes that AWS takes', () => {
  expect(texts).toHaveLength(2);
  // Quotas of Organizations, and of a managed policy of IAM, in which blanks don't count.
  expect(JSON.stringify(JSON.parse(texts[0]!)).length).toBeLessThan(5_120);
  expect(JSON.stringify(JSON.parse(texts[1]!)).length).toBeLessThan(6_144);
  expect(scp!.Statement.every(({ Effect }) => Effect === 'Deny')).toBe(true);
});

describe.each([
  ['the SCP', scp],
  ['the boundary', boundary],
])('%s', (_, policy) => {
  it.each(harmful)('keeps %s for the gate', (action) => {
    expect(says(policy, action)).toBe('denied');
  });

  it('leaves what harms nothing', () => {
    expect(harmless.filter((action) => says(policy, action) === 'denied')).toEqual([]);
    expect(says(policy, 'ec2:DescribeInstances')).not.toBe('denied');
    expect(says(policy, 'cloudformation:CreateChangeSet', { principal: `${ROLE}holdshort-read` })).not.toBe('denied');
  });

  it("lets nothing through AWS's managed server", () => {
    const context = { 'aws:ViaAWSMCPService': 'true' };
    for (const action of ['ec2:DescribeInstances', 's3:GetObject', ...harmful])
      expect(says(policy, action, { principal: EXECUTES, context }), action).toBe('denied');
  });

  it.each(['iam:PassRole', 'iam:UpdateAssumeRolePolicy', 'iam:PutRolePolicy', 'iam:AttachRolePolicy'])(
    'keeps the roles that may from being taken by %s',
    (action) => {
      for (const resource of [EXECUTES, `${ROLE}service/deploys`, `${ROLE}break-glass`])
        expect(says(policy, action, { resource }), resource).toBe('denied');
      expect(says(policy, action, { resource: `${ROLE}app` })).not.toBe('denied');
    },
  );
});

test.each([EXECUTES, `${ROLE}service/stack`, `${ROLE}break-glass`])('the SCP does not bind %s', (principal) => {
  expect(harmful.filter((action) => says(scp, action, { principal }) !== 'not said')).toEqual([]);
});

test('no name that only begins or ends like those of the SCP is one of them', () => {
  for (const name of ['holdshort-execute2', 'x/holdshort-execute', 'service', 'my-service/x', 'break-glass/x'])
    expect(says(scp, 'ec2:TerminateInstances', { principal: ROLE + name }), name).toBe('denied');
});

test('a boundary makes nobody without it, and is not taken off', () => {
  const own = 'arn:aws:iam::123456789012:policy/through-the-gate';
  expect(says(boundary, 'iam:CreateRole')).toBe('denied');
  expect(says(boundary, 'iam:CreateRole', { context: { 'iam:PermissionsBoundary': 'arn:other' } })).toBe('denied');
  expect(says(boundary, 'iam:CreateRole', { context: { 'iam:PermissionsBoundary': own } })).toBe('allowed');
  expect(says(boundary, 'iam:DeleteRolePermissionsBoundary', { resource: ENGINEER })).toBe('denied');
  expect(says(boundary, 'iam:CreatePolicyVersion', { resource: own })).toBe('denied');
});

/** Of Cloud Control, whose actions are named as if they were CloudFormation's; permissions without an operation. */
const OTHERS = ['CreateResource', 'DeleteResource', 'UpdateResource', 'PassRole'];
const CLIENTS: Readonly<Record<string, object>> = { cloudformation, ec2, iam, sts };

test('each action is one that AWS has', () => {
  const actions = [scp!, boundary!].flatMap(({ Statement }) => Statement).flatMap(({ Action }) => Action);
  const unknown = [...new Set(actions)].filter((action) => {
    const [service = '', name = ''] = action.split(':');
    const client = CLIENTS[service];
    if (!client) return !['*', 'rds:Delete*', 's3:Delete*'].includes(action);
    const form = new RegExp(`^${name.replaceAll('*', '.*')}Command$`);
    return !OTHERS.includes(name) && !Object.keys(client).some((command) => form.test(command));
  });
  expect(unknown).toEqual([]);
});
