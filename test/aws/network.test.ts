import { afterEach, expect, test } from 'vitest';
import { type Endpoint, ec2ErrorXml, http, identity, startEndpoint } from '../scenes/endpoints.ts';
import { testAws } from '../scenes/tools.ts';

let server: Endpoint | undefined;
afterEach(async () => await server?.close());

async function readersOf(answer: (action: string) => string) {
  server = await startEndpoint((action) => (action === 'GetCallerIdentity' ? identity() : answer(action)));
  return (await testAws(server.endpoint).readers()).ec2;
}

const asked = { filters: [], limit: 100 };

test('an answer without its list is not taken for an empty one', async () => {
  const ec2 = await readersOf((action) => http(200, `<${action}Response><requestId>1</requestId></${action}Response>`));
  for (const call of [
    () => ec2.securityGroups(asked),
    () => ec2.securityGroupRules(['sg-00000001']),
    () => ec2.referencing(['sg-00000001']),
    () => ec2.networkInterfacesOf(['sg-00000001']),
    () => ec2.vpcs(asked),
    () => ec2.subnets(asked),
    () => ec2.addresses([]),
    () => ec2.tagged(['vpc-00000001']),
  ])
    await expect(call()).rejects.toMatchObject({ code: 'aws_unreachable', certainty: 'unclear' });
});

test('an endpoint that does not know the operation says so', async () => {
  const ec2 = await readersOf(() => http(400, ec2ErrorXml('InvalidAction', 'not here')));
  await expect(ec2.securityGroupRules(['sg-00000001'])).rejects.toMatchObject({
    code: 'aws_rejected',
    message: expect.stringMatching(/DescribeSecurityGroupRules.*InvalidAction/),
  });
});

test('plans follow all pages, and ask for nothing by an empty list', async () => {
  const rule = (id: string) =>
    `<item><securityGroupRuleId>${id}</securityGroupRuleId><groupId>sg-00000001</groupId></item>`;
  let page = 0;
  const ec2 = await readersOf((action) => {
    page += 1;
    const next = page === 1 ? '<nextToken>more</nextToken>' : '';
    const set = `<securityGroupRuleSet>${rule(`sgr-0000000${page}`)}</securityGroupRuleSet>`;
    return http(200, `<${action}Response>${set}${next}</${action}Response>`);
  });
  const rules = await ec2.securityGroupRules(['sg-00000001']);
  expect(rules.map((one) => one.security_group_rule_id)).toEqual(['sgr-00000001', 'sgr-00000002']);
  const sent = server?.actions.length;
  expect(await ec2.securityGroupRules([])).toEqual([]);
  expect(await ec2.networkInterfacesOf([])).toEqual([]);
  expect((await ec2.referencing([])).size).toBe(0);
  expect(await ec2.tagged([])).toEqual([]);
  expect(await ec2.securityGroupsById([])).toEqual([]);
  expect(server?.actions.length).toBe(sent);
});
