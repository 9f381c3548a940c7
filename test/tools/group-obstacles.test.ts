import { expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { propose } from '../scenes/tools.ts';
import { answering, arn, nameIn, resourceXml, stackXml } from './written-answers.ts';

interface Use {
  readonly interfaces?: string;
  readonly references?: string;
  readonly instances?: string;
  /** The type of another resource of the stack. */
  readonly more?: string;
}

/** A stack with a security group that is used so. */
async function aboutGroup({ interfaces = '', references = '', instances = '', more }: Use): Promise<Aws> {
  const resources = [
    resourceXml('Group', 'sg-01234567', 'AWS::EC2::SecurityGroup'),
    ...(more ? [resourceXml('Rule', 'sgr-1', more)] : []),
  ].join('');
  return await answering((action, form) => {
    switch (action) {
      case 'DescribeStacks':
        return stackXml(nameIn(form), 'CREATE_COMPLETE');
      case 'GetTemplate':
        return '<TemplateBody>{}</TemplateBody>';
      case 'DescribeNetworkInterfaces':
        return `<networkInterfaceSet>${interfaces}</networkInterfaceSet>`;
      case 'DescribeSecurityGroups': {
        const ingress = form.get('Filter.1.Name') === 'ip-permission.group-id';
        return `<securityGroupInfo>${ingress ? references : ''}</securityGroupInfo>`;
      }
      case 'DescribeInstances':
        return `<reservationSet>${instances}</reservationSet>`;
      default:
        return `<StackResourceSummaries>${resources}</StackResourceSummaries>`;
    }
  });
}

const GROUPS = '<groupSet><item><groupId>sg-01234567</groupId></item></groupSet>';
const REFERENCE =
  '<item><groupId>sg-0other00</groupId><ipPermissions><item><groups><item><groupId>sg-01234567</groupId></item></groups></item></ipPermissions></item>';
const attached = (instance: string) =>
  `<item><networkInterfaceId>eni-1</networkInterfaceId><attachment><instanceId>${instance}</instanceId></attachment>${GROUPS}</item>`;
const instance = (tag: string, value: string) =>
  `<item><instancesSet><item><instanceId>i-1</instanceId><tagSet><item><key>${tag}</key><value>${value}</value></item></tagSet></item></instancesSet></item>`;

test.each([
  [
    'a load balancer',
    {
      interfaces: `<item><networkInterfaceId>eni-1</networkInterfaceId><requesterManaged>true</requesterManaged>${GROUPS}</item>`,
    },
    /AWS services manage/,
  ],
  [
    'an instance of an Auto Scaling group',
    { interfaces: attached('i-1'), instances: instance('aws:autoscaling:groupName', 'g') },
    /AWS services manage/,
  ],
  ['an instance that is not listed', { interfaces: attached('i-1') }, /AWS services manage/],
  [
    'an instance that the stack tagged',
    { interfaces: attached('i-1'), instances: instance('aws:cloudformation:stack-id', arn('root')) },
    /^Group: deleted$/,
  ],
  [
    "rules that may be the stack's",
    { references: REFERENCE, more: 'AWS::EC2::SecurityGroupIngress' },
    /unless they are this stack's/,
  ],
])('a security group that %s uses is told, not refused', async (_, group, told) => {
  const aws = await aboutGroup(group);
  const { impact } = await propose(aws, 'cloudformation_delete_stack', { stack_name: 'root' });
  expect(impact.find(({ resource }) => resource === 'sg-01234567')?.detail).toMatch(told);
});

test.each([
  [
    'an instance of another stack',
    { interfaces: attached('i-1'), instances: instance('aws:cloudformation:stack-id', arn('other')) },
  ],
  ['an instance of nobody', { interfaces: attached('i-1'), instances: instance('Name', 'x') }],
  ['a rule outside', { references: REFERENCE }],
])('a security group that %s surely uses is refused', async (_, group) => {
  const aws = await aboutGroup(group);
  const remove = propose(aws, 'cloudformation_delete_stack', { stack_name: 'root' });
  await expect(remove).rejects.toMatchObject({ code: 'in_use' });
});
