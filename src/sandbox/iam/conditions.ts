import { z } from 'zod';

/** What a request brings, by the names of condition keys. */
export type RequestContext = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A condition of a template may be a number or a flag; what is compared is its text. */
export const Texts = z
  .union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number(), z.boolean()]))])
  .transform((given) => (Array.isArray(given) ? given.map(String) : [String(given)]));

/**
 * The operators that are known here. A policy with another one isn't read: what allows nothing in an `Allow` would
 * deny nothing in a `Deny`.
 */
const OPERATORS = [
  'ArnEquals',
  'ArnLike',
  'ArnNotLike',
  'Bool',
  'ForAnyValue:StringEquals',
  'Null',
  'StringEquals',
  'StringLike',
  'StringNotEquals',
] as const;

/** By the condition's operator, then by its key. */
export const Conditions = z.partialRecord(z.enum(OPERATORS), z.record(z.string(), Texts));
export type Conditions = z.infer<typeof Conditions>;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
export function allHold(conditions: Conditions | undefined, context: RequestContext = {}): boolean {
  // "Condition key names are not case-sensitive": reference_policies_elements_condition.html
  const brought = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return OPERATORS.every((operator) =>
    Object.entries(conditions?.[operator] ?? {}).every(([key, values]) =>
      holds(operator, brought.get(key.toLowerCase()), values),
    ),
  );
}

/** @param found what the request brings under that key */
function holds(
  operator: (typeof OPERATORS)[number],
  found: string | readonly string[] | undefined,
  values: readonly string[],
): boolean {
  switch (operator) {
    case 'StringEquals':
    case 'Bool':
      return typeof found === 'string' && values.includes(found);
    case 'ArnEquals':
    case 'ArnLike':
      return typeof found === 'string' && values.some((pattern) => fitsArn(pattern, found));
    case 'StringLike':
      return typeof found === 'string' && values.some((pattern) => fits(pattern, found));
    // "If the key … is not present, … negated matching condition operators return true".
    case 'ArnNotLike':
      return !holds('ArnLike', found, values);
    case 'StringNotEquals':
      return !holds('StringEquals', found, values);
    case 'Null':
      return values.includes(String(found === undefined));
    case 'ForAnyValue:StringEquals':
      return Array.isArray(found) && found.some((one) => values.includes(one));
    default:
      return operator satisfies never;
  }
}

/** "Each of the six colon-delimited components of the ARN is checked separately and each can include" `*` and `?`. */
function fitsArn(pattern: string, arn: string): boolean {
  const [wanted, found] = [partsOf(pattern), partsOf(arn)];
  return found.length === wanted.length && wanted.every((part, at) => fits(part, found[at] ?? ''));
}

/** The resource, which is the last, may have colons of its own. */
function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length > 6 ? [...parts.slice(0, 5), parts.slice(5).join(':')] : parts;
}

/** @param pattern may hold `*` and `?` */
export function fits(pattern: string, text: string, flags = ''): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, flags).test(text);
}
