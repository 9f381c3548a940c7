import { expect, test } from 'vitest';
import { propose } from '../../scenes/tools.ts';
import { answering, arn, nameIn, stackXml } from '../../tools/written-answers.ts';

/* A change set that AWS made otherwise than it was asked for: of another stack, or with other values. */

const TEMPLATE = JSON.stringify({
  Parameters: { Size: { Type: 'String' }, Zones: { Type: 'CommaDelimitedList', Default: 'a' } },
  Resources: { Orders: { Type: 'AWS::SQS::Queue' } },
});

/** What is made of a call that creates `dev-orders`: in which stack, and with which parameters. */
async function made(stack: string, parameters: Readonly<Record<string, string>>): Promise<unknown> {
  const told = Object.entries(parameters)
    .map(
      ([key, value]) => `<member><ParameterKey>${key}</ParameterKey><ParameterValue>${value}</ParameterValue></member>`,
    )
    .join('');
  const shell = stackXml('dev-orders', 'REVIEW_IN_PROGRESS').replaceAll(arn('dev-orders'), stack);
  let name = '';
  const aws = await answering((action, form) => {
    if (action === 'CreateChangeSet') {
      name = form.get('ChangeSetName') ?? '';
      return `<Id>arn:aws:cloudformation:eu-west-1:123456789012:changeSet/${name}/0c2d</Id><StackId>${stack}</StackId>`;
    }
    if (action === 'DescribeStacks') return name === '' ? '<Stacks/>' : shell;
    if (action === 'GetTemplate') return `<TemplateBody>${TEMPLATE.replaceAll('"', '&quot;')}</TemplateBody>`;
    if (action === 'GetTemplateSummary') return '';
    if (action !== 'DescribeChangeSet') throw new Error(`${action} of ${nameIn(form)} was not foreseen`);
    return `<ChangeSetId>arn:aws:cloudformation:eu-west-1:123456789012:changeSet/${name}/0c2d</ChangeSetId>
      <ChangeSetName>${name}</ChangeSetName><StackId>${stack}</StackId><StackName>dev-orders</StackName>
      <Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus><Parameters>${told}</Parameters>
      <Changes/>`;
  });
  const call = { stack_name: 'dev-orders', template_body: TEMPLATE, parameters: { Size: 'small', Zones: 'a,b' } };
  return await propose(aws, 'cloudformation_deploy_stack', call).then(
    () => 'planned',
    ({ code, message }) => `${code}: ${message}`,
  );
}

const ASKED = { Size: 'small', Zones: 'a,b' };

test('as it was asked for, and of a list with spaces between', async () => {
  expect(await made(arn('dev-orders'), ASKED)).toBe('planned');
  expect(await made(arn('dev-orders'), { ...ASKED, Zones: 'a, b' })).toBe('planned');
});

test.each([
  ['of another name', arn('prod-orders')],
  ['in another account', arn('dev-orders').replace('123456789012', '999999999999')],
  ['in another region', arn('dev-orders').replace('eu-west-1', 'us-east-1')],
])('a change set that was made in a stack %s is not looked at', async (_, stack) => {
  expect(await made(stack, ASKED)).toMatch(/^planning_failed: .*another stack/);
});

test('a change set with another value of a parameter is no plan', async () => {
  expect(await made(arn('dev-orders'), { ...ASKED, Size: 'large' })).toMatch(/^planning_failed: .*parameter Size/);
});
