import { sha256 } from '../../../src/kernel/digest.ts';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';

/**
 * Transforms that AWS itself runs: no code of an account does. By their whole names, because anything else may be a
 * macro's name. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html
 */
const HOSTED: ReadonlySet<string> = new Set([
  'AWS::CodeDeployBlueGreen',
  'AWS::LanguageExtensions',
  'AWS::SecretsManager-2020-07-23',
  'AWS::SecretsManager-2024-09-16',
  'AWS::Serverless-2016-10-31',
  'AWS::ServiceCatalog',
  'Fn::ForEach',
]);

/** What brings in a text that may name a macro, where that text isn't seen beforehand. */
const UNSEEN: ReadonlySet<string> = new Set([
  'AWS::Include',
  'AWS::Serverless::Application',
  'AWS::CloudFormation::Stack',
]);

/**
 * Is everything that it makes in the change set, resource by resource? AWS::CodeDeployBlueGreen leaves the work to a
 * hook, which no change set shows; what a macro does is code of an account.
 */
export function isForeseen(transform: string): boolean {
  return transform === 'AWS::Include' || (HOSTED.has(transform) && transform !== 'AWS::CodeDeployBlueGreen');
}

/**
 * AWS runs macros, which are Lambda functions of the account, while it makes a change set: before anyone has decided
 * anything.
 * @param where names the template
 * @param transforms its transforms, and the resources of it that bring in what isn't seen, by their types
 * @param allowed by configuration
 * @throws invalid_input
 */
export function refuseMacros(where: string, transforms: readonly string[], allowed: readonly string[]): void {
  const macro = transforms.find((name) => !HOSTED.has(name) && !allowed.includes(name));
  if (macro === undefined) return;
  const shown = bounded(macro, 120, sha256);
  const why = UNSEEN.has(macro)
    ? 'which brings in a text that can not be seen beforehand, and may name a macro'
    : 'a macro: code of the account, which would run while the change is only being planned';
  throw new HoldshortError(
    'invalid_input',
    `${where} has ${shown}, ${why}`,
    `write out what it makes, or where it is; or ask your operator, who can name it in the configuration: cloudformation.macros`,
  );
}
