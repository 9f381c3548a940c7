import type { TemplateFacts } from '../../../tools/ports/cloudformation.ts';
import { mayPutIn } from '../../../tools/ports/substitution.ts';
import type { Json } from '../../kernel/digest.ts';
import { isRecord, record } from './document.ts';

type Nested = TemplateFacts['nested'][number];

/** The types of resources that are templates of their own, and the property that says where. */
const PLACES: Readonly<Record<string, string>> = {
  'AWS::CloudFormation::Stack': 'TemplateURL',
  'AWS::Serverless::Application': 'Location',
};

/**
 * The templates that a template nests, by the resources that bring them in. The attacker writes it so that a nested one
 * isn't found: a loop makes resources out of pieces, their types and places among them. What a loop, or another
 * function, makes of a place isn't worked out here: it is a nested template whose place nobody knows.
 */
export function nestedIn(resources: unknown): readonly Nested[] {
  return Object.entries(record(resources)).flatMap(([id, resource]) =>
    id.startsWith('Fn::') ? nestedInLoop(id, resource) : nestedBy(id, resource, false),
  );
}

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach-example-resource.html
 */
function nestedInLoop(id: string, loop: unknown): readonly Nested[] {
  const fragment = Array.isArray(loop) && loop.length === 3 ? loop[2] : undefined;
  if (!isRecord(fragment)) return [unseen(id, 'AWS::CloudFormation::Stack')];
  return Object.entries(fragment).flatMap(([inner, resource]) =>
    inner.startsWith('Fn::') ? nestedInLoop(inner, resource) : nestedBy(inner, resource, true),
  );
}

function nestedBy(id: string, resource: unknown, looped: boolean): readonly Nested[] {
  const { Type, Properties } = record(resource);
  if (looped && (typeof Type !== 'string' || mayPutIn(Type))) return [unseen(id, 'AWS::CloudFormation::Stack')];
  if (typeof Type !== 'string' || !Object.hasOwn(PLACES, Type)) return [];
  const properties = record(Properties);
  const url = properties[PLACES[Type] ?? ''] as Json | undefined;
  const isMade = Object.keys(properties).some((name) => name.startsWith('Fn::'));
  const isPutIn = looped && (typeof url !== 'string' || mayPutIn(url));
  return isMade || isPutIn ? [unseen(id, Type)] : [{ logical_id: id, type: Type, url }];
}

function unseen(logical_id: string, type: string): Nested {
  return { logical_id, type, url: undefined };
}
