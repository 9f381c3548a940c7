import { jsonPointer } from '../../../tools/ports/json-pointer.ts';
import { variablesOf } from '../../../tools/ports/substitution.ts';
import { isRecord } from './document.ts';
import { functionKind } from './functions.ts';
import { isLiteral } from './own-names.ts';
import { isOne, type Template } from './own-values.ts';

/** What AWS takes as a variable's name; another one may be put together by a loop. */
const NAME = /^[\w.:]+$/;

/** Stands for any resource. */
const ANY = '*';

/**
 * From which resources the values of one are taken that are worked out: `LogicalId`, or `LogicalId.Attribute`, by JSON
 * pointers from the properties on. A list whose entries may have other places than in the template is one value.
 */
export function valueSourcesIn(properties: unknown, template: Template): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = Object.create(null);
  const search = (value: unknown, steps: readonly string[]): void => {
    const isPlaced = Array.isArray(value) ? value.every((entry) => isOne(entry, template)) : isLiteral(value);
    if (!isPlaced) {
      const names = [...namesIn(value)];
      if (names.length > 0) found[jsonPointer(steps)] = names;
    } else if (Array.isArray(value)) for (const [at, entry] of value.entries()) search(entry, [...steps, String(at)]);
    else if (isRecord(value)) for (const [key, inner] of Object.entries(value)) search(inner, [...steps, key]);
  };
  search(properties, []);
  return found;
}

function namesIn(value: unknown): ReadonlySet<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((entry) => [...namesIn(entry)]));
  if (!isRecord(value)) return new Set();
  return new Set(
    Object.entries(value).flatMap(([key, inner]): readonly string[] => {
      if (key === 'Ref') return [typeof inner === 'string' ? inner : ANY];
      if (key === 'Fn::GetAtt') return [attributeIn(inner)];
      const within = [...namesIn(inner)];
      if (key === 'Fn::Sub') return [...within, ...variablesIn(inner)];
      // What another one takes (`Fn::Transform`) isn't in its text.
      const kind = functionKind(key);
      return key.includes('::') && kind !== 'plain' && kind !== 'of others' ? [ANY] : within;
    }),
  );
}

function attributeIn(value: unknown): string {
  const steps = Array.isArray(value) ? value : [value];
  return steps.every((step) => typeof step === 'string') ? steps.join('.') : ANY;
}

function variablesIn(value: unknown): readonly string[] {
  const text = Array.isArray(value) ? value[0] : value;
  return typeof text === 'string' ? variablesOf(text).map((name) => (NAME.test(name) ? name : ANY)) : [ANY];
}

/** The group's members stay as they are when what they are made by changes: no policy of its own says otherwise. */
export function keepsMembers(updatePolicy: unknown): boolean {
  if (updatePolicy === undefined) return true;
  if (!isRecord(updatePolicy) || !isLiteral(updatePolicy)) return false;
  return Object.keys(updatePolicy).every((key) => key === SIZES);
}

/**
 * Of a group's policies the one that is about its sizes alone; of any other the members may not be kept.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
 */
const SIZES = 'AutoScalingScheduledAction';
