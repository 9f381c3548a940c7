import type { TemplateFacts } from '../../../ports/cloudformation.ts';
import { madeBy, namesOfMember } from '../../../ports/made-names.ts';

const CUSTOM = /^Custom::|^AWS::CloudFormation::CustomResource$/;

/**
 * The role as which a custom resource's code runs, where all of it is the same template's and made by the same change
 * set: the resource, its function and the role. Such code can do what the role may, which has lines of its own, and
 * nothing else. A function that is there may have any rights, and take its orders from the properties, as CDK's
 * AwsCustomResource does.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
 */
export function newRoleOf(id: string, { resources }: TemplateFacts, added: ReadonlySet<string>): string | undefined {
  const { type = '' } = (Object.hasOwn(resources, id) && resources[id]) || {};
  if (!added.has(id) || !CUSTOM.test(type)) return undefined;
  const arnOf = (from: string | undefined, property: string, kind: string) => {
    const facts = from !== undefined && Object.hasOwn(resources, from) ? resources[from] : undefined;
    const [one, ...more] = madeBy(namesOfMember(facts?.made_names, property)) ?? [];
    const isArn = one?.type === kind && one.attribute === 'Arn' && one.prefix === '' && one.rest === '';
    return isArn && more.length === 0 && added.has(one.logical_id) ? one.logical_id : undefined;
  };
  return arnOf(arnOf(id, 'ServiceToken', 'AWS::Lambda::Function'), 'Role', 'AWS::IAM::Role');
}
