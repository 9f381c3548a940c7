import { expect, test } from 'vitest';
import { EFFECTS, type Effect } from '../../../src/kernel/effects.ts';
import { planOrCode } from './answered.ts';

/*
 * "Large values can be truncated": AWS then shows a signature of the value in its place, another one where the value
 * changes. Whatever the rule of the property could say at worst, it says.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html
 */

const signature = (letter: string) => `(Truncated-Signature):${letter.repeat(64)}`;
const WAS = signature('a');
const IS = signature('b');

async function effectOf(ResourceType: string, name: string, was: unknown, is: unknown): Promise<Effect | string> {
  const target = { Attribute: 'Properties', Name: name, RequiresRecreation: 'Never', Path: `/Properties/${name}` };
  const ResourceChange = {
    Action: 'Modify',
    LogicalResourceId: 'Subject',
    PhysicalResourceId: 'subject',
    ResourceType,
    Replacement: 'False',
    Scope: ['Properties'],
    Details: [{ Target: target, Evaluation: 'Static', ChangeSource: 'DirectModification' }],
    BeforeContext: JSON.stringify({ Properties: { [name]: was } }),
    AfterContext: JSON.stringify({ Properties: { [name]: is } }),
  };
  const id = { LogicalResourceId: 'Subject', PhysicalResourceId: 'subject', ResourceType };
  const template = (value: unknown) => ({
    Resources: { Subject: { Type: ResourceType, Properties: { [name]: value } } },
  });
  const plan = await planOrCode({
    changes: [{ Type: 'Resource', ResourceChange }],
    resources: [{ ...id, ResourceStatus: 'CREATE_COMPLETE' }],
    before: template(was),
    after: template(is),
  });
  return typeof plan === 'string' ? plan : (plan.impact[0]?.effect ?? 'none');
}

test.each<[string, string, unknown, unknown, Effect]>([
  ['AWS::IAM::Policy', 'PolicyDocument', WAS, IS, 'expose'],
  ['AWS::IAM::Policy', 'PolicyDocument', { Statement: WAS }, { Statement: IS }, 'expose'],
  ['AWS::EC2::SecurityGroup', 'SecurityGroupIngress', WAS, IS, 'expose'],
  ['AWS::EC2::LaunchTemplate', 'LaunchTemplateData', WAS, IS, 'expose'],
  ['AWS::S3::Bucket', 'PublicAccessBlockConfiguration', WAS, IS, 'expose'],
  ['AWS::S3::Bucket', 'LifecycleConfiguration', WAS, IS, 'delete'],
  ['AWS::RDS::DBInstance', 'DeletionProtection', WAS, IS, 'weaken'],
  ['AWS::Lambda::Function', 'Role', WAS, IS, 'expose'],
])('%s %s that is cut off is at least what it could be', async (type, name, was, is, least) => {
  const effect = await effectOf(type, name, was, is);
  expect(EFFECTS.indexOf(effect as Effect), effect).toBeGreaterThanOrEqual(EFFECTS.indexOf(least));
});

test('code that is cut off is code', async () => {
  expect(await effectOf('AWS::Lambda::Function', 'Code', { ZipFile: WAS }, { ZipFile: IS })).toBe('modify');
});
