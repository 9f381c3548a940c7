import type { ResourceChange } from '../../../ports/cloudformation.ts';
import type { TypeKnowledge } from '../../knowledge/language.ts';
import { changedSettings, propertiesOf } from './resource-settings.ts';

/** Properties that are code: AWS shows where it lies, not what it does. */
const CODE =
  /^(Code|CodeUri|ContentUri|ImageUri|UserData|LaunchTemplateData|DefinitionString|DefinitionS3Location|Definition|FunctionCode|Script|SourceVersion|BuildSpec)$/;

/** How what is said of code ends. */
export const IS_CODE = 'code, which is not shown here and is not judged';
const ONE = ` is ${IS_CODE}`;
const TOLD = 5;

/** What is said of code is said once, of all that is code. */
export function joined(reasons: readonly string[]): readonly string[] {
  const code = reasons.filter((why) => why.endsWith(ONE));
  if (code.length < 2) return reasons;
  const labels = code.slice(0, TOLD).map((why) => why.slice(0, -ONE.length));
  const more = code.length > TOLD ? ` and ${code.length - TOLD} more` : '';
  const all = `${labels.join(', ')}${more} are ${IS_CODE}`;
  return reasons.flatMap((why) => (why === code[0] ? [all] : code.includes(why) ? [] : [why]));
}

/** What a person should know beside the effect, and what doesn't make it worse. */
export function notesOn(change: ResourceChange, row: TypeKnowledge | undefined): readonly string[] {
  const { action, type } = change;
  if (action !== 'Add' && action !== 'Modify') return [];
  // A row says which property is code.
  const code = row ? [] : changedSettings(change).filter(({ path }) => CODE.test(path));
  const notes = code.map(({ label }) => `${label}${ONE}`);
  if (type === 'AWS::EC2::LaunchTemplate' && action === 'Modify')
    notes.push('what is started from it may be other than before, from then on');
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
  const group = type === 'AWS::EC2::SecurityGroup' && action === 'Add' ? propertiesOf(change.after_context) : undefined;
  if (group && group.SecurityGroupEgress === undefined)
    notes.push("everything may go out, which is AWS's default where a new group names no SecurityGroupEgress");
  return notes;
}
