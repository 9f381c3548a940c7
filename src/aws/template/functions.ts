/*
 * The intrinsic functions that are known here: the one list, which every reader of a template asks. AWS adds functions;
 * the attacker takes a new one that brings in another stack's password, as long as readers believe of what they don't
 * know that it takes nothing. So one that isn't here takes anything hidden, depends on everything, and makes the plan
 * `unknown`.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */

/** They take and name nothing but what stands in them; what another stack has, `OF_OTHERS` do. */
const PLAIN: ReadonlySet<string> = new Set([
  ...['And', 'Equals', 'If', 'Not', 'Or'],
  ...['Base64', 'Cidr', 'FindInMap', 'GetAZs', 'GetAtt', 'Join', 'Length', 'Select', 'Split', 'Sub', 'ToJsonString'],
  ...['Contains', 'EachMemberEquals', 'EachMemberIn'],
]);
/** What another stack exports, or has as an output, in whatever region or account. */
const OF_OTHERS: ReadonlySet<string> = new Set(['GetStackOutput', 'ImportValue']);
/** They look at parameters by texts, or at all of the template. */
const LOOKING: ReadonlySet<string> = new Set(['RefAll', 'Transform', 'ValueOf', 'ValueOfAll']);

/** Undefined: it is no function. `Ref` and `Condition` are none by their name. */
export function functionKind(key: string): 'plain' | 'of others' | 'loop' | 'looking' | 'unknown' | undefined {
  if (!key.startsWith('Fn::')) return undefined;
  const name = key.slice('Fn::'.length);
  if (PLAIN.has(name)) return 'plain';
  if (OF_OTHERS.has(name)) return 'of others';
  if (name.startsWith('ForEach::')) return 'loop';
  return LOOKING.has(name) ? 'looking' : 'unknown';
}

/** Functions of a template that aren't known; where is what has them, `Resources/Topic`. */
export interface UnknownFunction {
  readonly at: string;
  readonly name: string;
}

/** Each once for each part of the template. */
export function unknownFunctions(template: Readonly<Record<string, unknown>>): readonly UnknownFunction[] {
  const found = new Map<string, UnknownFunction>();
  const walk = (value: unknown, steps: readonly string[]): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const at = steps.join('/');
      if (functionKind(key) === 'unknown') found.set(`${at} ${key}`, { at, name: key });
      walk(inner, steps.length < 2 ? [...steps, key] : steps);
    }
  };
  walk(template, []);
  return [...found.values()];
}
