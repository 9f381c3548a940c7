import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { REASON } from '../scenes/front-door.ts';
import { verified } from '../scenes/whole.ts';
import { type Ec2Scene, ec2Scene } from './ec2-scene.ts';

/* A group that was deleted is there again, with another id and the rules that it had, except for what was told. */

let scene: Ec2Scene;
let vpc: string;
let gone: { readonly id: string; readonly group: string };
let before: Awaited<ReturnType<typeof group>>;

const TAGS = { team: 'shop', 'aws-like': 'yes' };

beforeAll(async () => {
  scene = await ec2Scene({ instances: [{}] });
  const { Vpcs } = await scene.ec2.send(new DescribeVpcsCommand({}));
  vpc = Vpcs?.[0]?.VpcId ?? '';
});
afterAll(async () => await scene[Symbol.asyncDispose]());

async function made(GroupName: string): Promise<string> {
  const Tags = Object.entries({ ...TAGS, api_token: 'hunter2hunter2' }).map(([Key, Value]) => ({ Key, Value }));
  const { GroupId = '' } = await scene.ec2.send(
    new CreateSecurityGroupCommand({
      ...{ GroupName, Description: 'the shop (web)', VpcId: vpc },
      TagSpecifications: [{ ResourceType: 'security-group', Tags }],
    }),
  );
  const tcp = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port });
  await scene.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [
        { ...tcp(443), IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'everybody' }] },
        { ...tcp(9000), UserIdGroupPairs: [{ GroupId, Description: 'its own' }] },
        { ...tcp(5432), UserIdGroupPairs: [{ GroupId: await defaultGroup() }] },
        ...Array.from({ length: 20 }, (_, at) => ({ ...tcp(7000 + at), Ipv6Ranges: [{ CidrIpv6: '2001:db8::/64' }] })),
      ],
    }),
  );
  return GroupId;
}

async function defaultGroup(): Promise<string> {
  const Filters = [{ Name: 'group-name', Values: ['default'] }];
  return (await scene.ec2.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups?.[0]?.GroupId ?? '';
}

async function idOf(name: string): Promise<string> {
  const Filters = [{ Name: 'group-name', Values: [name] }];
  return (await scene.ec2.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups?.[0]?.GroupId ?? '';
}

/** All of it by its own id, without what AWS makes anew. */
async function group(id: string) {
  const { SecurityGroups: [found] = [] } = await scene.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
  const Filters = [{ Name: 'group-id', Values: [id] }];
  const { SecurityGroupRules = [] } = await scene.ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
  const rules = SecurityGroupRules.filter(({ IsEgress }) => !IsEgress).map(
    ({ SecurityGroupRuleId: _, SecurityGroupRuleArn: __, Tags: ___, ...rule }) => rule,
  );
  const text = (value: unknown) => JSON.stringify(value).replaceAll(id, 'ITSELF');
  return {
    ...{ name: found?.GroupName, description: found?.Description, vpc: found?.VpcId },
    tags: Object.fromEntries((found?.Tags ?? []).map(({ Key = '', Value }) => [Key, Value])),
    rules: rules.map(text).sort(),
  };
}

const restore = (args: Record<string, unknown>) =>
  scene.agent.call('ticket_restore', { ticket_id: gone.id, reason: REASON, ...args });

test('what does not come back of a group is told before the decision', async () => {
  const id = await made('shop-web');
  await scene.ec2.send(
    new AuthorizeSecurityGroupEgressCommand({
      GroupId: id,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
    }),
  );
  await scene.ec2.send(
    new RevokeSecurityGroupEgressCommand({
      GroupId: id,
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
  );
  before = await group(id);
  const told = await scene.told('ec2_delete_security_group', { group_id: id });
  const by = ['ec2_create_security_group', ...Array(2).fill('ec2_authorize_security_group_ingress')];
  expect(told.undo).toMatchObject({ exists: 'in_part', by });
  const lost = told.undo.lost.map(({ why }: { why: string }) => why).join('\n');
  for (const what of [
    'its id: what names it',
    'does not let out everything',
    'its outbound rule for tcp 443 to 10.0.0.0/8',
    'the tag "api_token"',
    'the ids of its rules',
    'whatever else AWS keeps of it',
  ])
    expect(lost).toContain(what);
  gone = { id: told.id, group: id };
  await scene.run(told.id);
});

test('nothing is added to a group before the group is there, or where its part was only imitated', async () => {
  const early = (await restore({ part: 2 })).refusal;
  expect(early).toMatchObject({ code: 'wrong_state', recovery: expect.stringContaining('ask for part 1') });
  const { stdout } = await scene.place.cli(['restore', gone.id, '--show']);
  const [create] = JSON.parse(stdout).calls;
  // The agent makes the very same by hand: that is no part of the way back, and the part is another ticket.
  const imitated = await scene.ask(create.tool, create.arguments);
  const part = (await restore({ part: 1 })).ticket;
  expect(part.id).not.toBe(imitated.id);
  await scene.run(imitated.id);
  await scene.agent.call('ticket_withdraw', { ticket_id: part.id, reason: REASON });
  expect((await restore({ part: 2 })).refusal).toMatchObject({ code: 'wrong_state' });
  await scene.done('ec2_delete_security_group', { group_id: await idOf('shop-web') });
});

test('what comes back is what was; each part says what it is about', async () => {
  await scene.done('ticket_restore', { ticket_id: gone.id, part: 1 });
  const id = await idOf('shop-web');
  expect(id).not.toBe(gone.group);
  for (const part of [2, 3]) {
    const ticket = await scene.ask('ticket_restore', { ticket_id: gone.id, part });
    const { plan } = await scene.agent.call('ticket_get', { ticket_id: ticket.id });
    expect(plan.restores).toMatchObject({ ticket: gone.id, part, of: 3, made: [{ part: 1, id }] });
    const { stdout } = await scene.place.cli(['tickets', 'show', ticket.id]);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      `It is about ${id}, which ${plan.restores.made[0].ticket} made (part 1)`,
    );
    await scene.run(ticket.id);
  }
  const after = await group(id);
  const { 'holdshort:ticket': by, 'holdshort:request': token, ...tags } = after.tags;
  expect([by, token]).not.toContain(undefined);
  expect({ ...after, tags }).toEqual({ ...before, tags: TAGS });
});

test('brought back twice: the group is there already, and so are its rules', async () => {
  expect((await restore({ part: 1 })).refusal).toMatchObject({ code: 'wrong_state' });
  expect((await restore({ part: 2 })).refusal).toMatchObject({ code: 'no_changes' });
});

test('of a part that was made twice, the next one is about the newest, and says that', async () => {
  const first = await idOf('shop-web');
  await scene.done('ec2_delete_security_group', { group_id: first });
  const again = await scene.ask('ticket_restore', { ticket_id: gone.id, part: 1 });
  const { plan } = await scene.agent.call('ticket_get', { ticket_id: again.id });
  expect(plan.restores.before).toHaveLength(1);
  const { stdout } = await scene.place.cli(['tickets', 'show', again.id]);
  expect(stdout.replace(/\s+/g, ' ')).toContain(`Part 1 was asked for before: ${plan.restores.before[0]}`);
  await scene.run(again.id);
  const second = await idOf('shop-web');
  expect(second).not.toBe(first);
  const next = await scene.ask('ticket_restore', { ticket_id: gone.id, part: 2 });
  const { plan: about } = await scene.agent.call('ticket_get', { ticket_id: next.id });
  expect(about.restores.made).toEqual([{ part: 1, ticket: again.id, id: second }]);
});

test('a part that was denied made nothing; elsewhere there is nothing to go on with', async () => {
  const id = await made('shop-api');
  gone = { id: await scene.done('ec2_delete_security_group', { group_id: id }), group: id };
  const elsewhere = await startSandbox({ accountId: '210987654321', seed: { region: 'eu-west-1' } });
  const asked = ['restore', gone.id, '--part', '2', '--reason', REASON];
  const ran = await scene.place.cli(asked, { env: { AWS_ENDPOINT_URL: elsewhere.endpoint } });
  await elsewhere.close();
  expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('changed account 123456789012') });
  const part = (await restore({ part: 1 })).ticket;
  expect((await restore({ part: 2 })).refusal).toMatchObject({
    recovery: expect.stringContaining(`wait for ${part.id}`),
  });
  await scene.place.cli(['deny', part.id, '--reason', REASON, '--yes', '--digest', part.digest, '--as', 'ann']);
  expect(scene.state(part.id)).toBe('denied');
  expect((await restore({ part: 2 })).refusal).toMatchObject({
    code: 'wrong_state',
    message: expect.stringContaining(`${part.id} asks for: it is denied`),
  });
  // Nor by a person: whoever denied it isn't asked again within the hour.
  const { stderr } = await scene.place.cli(['restore', gone.id, '--reason', REASON]);
  expect(stderr).toContain(`(${part.id}, `);
  expect(stderr).toContain('talk to the person who denied it');
  await verified(scene);
});
