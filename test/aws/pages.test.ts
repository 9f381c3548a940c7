import { afterEach, expect, test } from 'vitest';
import { createAws } from '../../src/aws/index.ts';
import type { Readers } from '../../tools/define.ts';
import { type Endpoint, http, identity, type Stalled, stalled, startEndpoint } from '../scenes/endpoints.ts';
import { makePlace } from '../scenes/front-door.ts';
import { testAws } from '../scenes/tools.ts';

let server: Endpoint | undefined;
afterEach(async () => await server?.close());

/** The list of each action's answer; empty, as it is where a filter lets nothing through. */
const LISTS: Readonly<Record<string, string>> = {
  DescribeInstances: '<reservationSet/>',
  DescribeVolumes: '<volumeSet/>',
  DescribeSnapshots: '<snapshotSet/>',
  DescribeImages: '<imagesSet/>',
  DescribeLaunchTemplateVersions: '<launchTemplateVersionSet/>',
  DescribeSecurityGroupRules: '<securityGroupRuleSet/>',
  DescribeSecurityGroups: '<securityGroupInfo/>',
  DescribeNetworkInterfaces: '<networkInterfaceSet/>',
  DescribeTags: '<tagSet/>',
  DescribeVpcs: '<vpcSet><item><vpcId>vpc-00000001</vpcId></item></vpcSet>',
  DescribeInstanceTypes: '<instanceTypeSet/>',
  DescribeStackEvents: '<StackEvents/>',
  ListChangeSets: '<Summaries/>',
  ListImports: '<Imports/>',
  DescribeChangeSet: '<ChangeSetId>c</ChangeSetId><StackId>s</StackId><Status>CREATE_COMPLETE</Status>',
};

/** The whole of a list, each as a plan or an outcome reads it. */
const WHOLE: readonly (readonly [string, (readers: Readers) => Promise<unknown>])[] = [
  ['DescribeInstances', ({ ec2 }) => ec2.everyInstance([])],
  ['DescribeVolumes', ({ ec2 }) => ec2.everyVolume([])],
  ['DescribeSnapshots', ({ ec2 }) => ec2.everyOwnSnapshot([])],
  ['DescribeImages', ({ ec2 }) => ec2.everyOwnImage([])],
  ['DescribeLaunchTemplateVersions', ({ ec2 }) => ec2.launchTemplateVersions()],
  ['DescribeSecurityGroupRules', ({ ec2 }) => ec2.securityGroupRules(['sg-00000001'])],
  ['DescribeSecurityGroups', ({ ec2 }) => ec2.referencing(['sg-00000001'])],
  ['DescribeNetworkInterfaces', ({ ec2 }) => ec2.networkInterfacesOf(['sg-00000001'])],
  ['DescribeTags', ({ ec2 }) => ec2.tagged(['vpc-00000001'])],
  ['DescribeInstanceTypes', ({ ec2 }) => ec2.instanceTypes(['t3.micro'])],
  ['DescribeNetworkInterfaces', ({ cloudformation }) => cloudformation.groupUse(['sg-00000001'])],
  ['DescribeStackEvents', ({ cloudformation }) => cloudformation.events('web', '2026-01-01T00:00:00.000Z')],
  ['ListChangeSets', ({ cloudformation }) => cloudformation.changeSets('web')],
  ['ListImports', ({ cloudformation }) => cloudformation.importers('name')],
  ['DescribeChangeSet', ({ cloudformation }) => cloudformation.changeSet('web', 'c')],
];

/** An endpoint that names a next page in every answer. */
async function endless(nextPage: (number: number) => string) {
  let pages = 0;
  server = await startEndpoint((action) => {
    if (action === 'GetCallerIdentity') return identity();
    const token = nextPage(++pages);
    if (/^(List|Describe(Stack|Change))/.test(action)) {
      const result = `<${action}Result>${LISTS[action]}<NextToken>${token}</NextToken></${action}Result>`;
      return http(200, `<${action}Response>${result}</${action}Response>`);
    }
    return http(200, `<${action}Response>${LISTS[action]}<nextToken>${token}</nextToken></${action}Response>`);
  });
  return { server, readers: await testAws(server.endpoint).readers() };
}

test.each(WHOLE)(
  'C20: %s that names the same page again is an error, not a list and not a loop',
  async (action, read) => {
    const { server, readers } = await endless(() => 'again');
    await expect(read(readers)).rejects.toMatchObject({
      code: 'aws_unreachable',
      message: expect.stringContaining(`${action}: the list does not end`),
    });
    expect(server.actions.filter((one) => one === action)).toHaveLength(2);
  },
);

test.each(WHOLE)('C20: %s that always names another page is given up', async (action, read) => {
  const { server, readers } = await endless((number) => `page-${number}`);
  await expect(read(readers)).rejects.toMatchObject({ code: 'aws_unreachable' });
  expect(server.actions.filter((one) => one === action)).toHaveLength(200);
});

const GROUP =
  '<DescribeSecurityGroupsResponse><securityGroupInfo><item><groupId>sg-00000001</groupId><groupName>web</groupName></item></securityGroupInfo></DescribeSecurityGroupsResponse>';
const rulesPage = (number: number) =>
  http(
    200,
    `<DescribeSecurityGroupRulesResponse><securityGroupRuleSet/><nextToken>page-${number}</nextToken></DescribeSecurityGroupRulesResponse>`,
  );

/** A group whose list of rules goes on for ever; what `third` answers comes in place of the third page. */
async function endlessRules(third: (whole: string) => string | Stalled) {
  let pages = 0;
  server = await startEndpoint((action) => {
    if (action === 'GetCallerIdentity') return identity();
    if (action !== 'DescribeSecurityGroupRules') return http(200, GROUP);
    const whole = rulesPage(++pages);
    return pages === 3 ? third(whole) : whole;
  });
  return server;
}

test('C20: an agent is told that a list does not end, and AWS is left alone from then on', async () => {
  const server = await endlessRules((whole) => whole);
  await using place = makePlace({ endpoint: server.endpoint });
  const agent = await place.agent();
  expect(await agent.call('ec2_describe_security_groups')).toMatchObject({
    outcome: 'refused',
    refusal: { code: 'aws_unreachable', message: expect.stringContaining('the list does not end') },
  });
  await server.deserted();
  expect(server.actions.filter((action) => action === 'DescribeSecurityGroupRules')).toHaveLength(200);
});

test('C20: when the agent no longer waits, nothing more is asked of AWS, nor waited for', async () => {
  const server = await endlessRules(stalled);
  await using place = makePlace({ endpoint: server.endpoint });
  const agent = await place.agent();
  const waiting = new AbortController();
  const call = { name: 'ec2_describe_security_groups', arguments: {} };
  const called = agent.client.callTool(call, { signal: waiting.signal }).catch((error: unknown) => error);
  // Who we are, the group, and three pages of its rules, of which the last never ends.
  await server.arrived(5);
  waiting.abort();
  await called;
  await server.deserted();
  expect(server.actions).toHaveLength(5);
});

test('C20: readers of a call that is over send nothing', async () => {
  const { server } = await endless((number) => `page-${number}`);
  const over = new AbortController();
  const aws = createAws({
    endpoint: server.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
  });
  const { ec2, cloudformation } = await aws.readers(undefined, over.signal);
  over.abort();
  for (const read of [() => ec2.everyInstance([]), () => cloudformation.changeSets('web')])
    await expect(read()).rejects.toMatchObject({ code: 'aws_unreachable', certainty: 'refused' });
  expect(new Set(server.actions)).toEqual(new Set(['GetCallerIdentity']));
});
