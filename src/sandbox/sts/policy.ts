import { z } from 'zod';
import { ApiFailure } from '../wire/failure.ts';
import type { Policy } from './role-session.ts';
import type { Wanted } from './wanted.ts';

const Texts = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => (typeof given === 'string' ? [given] : given));

const Statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: Texts,
  Resource: Texts,
  Condition: z.record(z.string(), z.record(z.string(), Texts)).optional(),
});

const PolicyDocument = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(Statement),
});

/** @throws ApiFailure MalformedPolicyDocument, PackedPolicyTooLarge */
export function readPolicy(text: string): Policy {
  if (text.length > 2_048) throw new ApiFailure('PackedPolicyTooLarge', 'Serialized token too large for session', 400);
  try {
    return PolicyDocument.parse(JSON.parse(text));
  } catch {
    throw new ApiFailure('MalformedPolicyDocument', 'The policy is not in the valid JSON format.');
  }
}

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html, for one policy and the
 * operators that are used here; a statement with another one allows nothing.
 */
export function allows({ Statement: statements }: Policy, wanted: Wanted): boolean {
  const fitting = statements.filter(
    ({ Action, Resource, Condition }) =>
      Action.some((pattern) => fits(pattern, wanted.action, 'i')) &&
      Resource.some((pattern) => fits(pattern, wanted.resource)) &&
      Object.entries(Condition ?? {}).every(([operator, keys]) =>
        Object.entries(keys).every(([key, values]) => holds(operator, wanted.context?.[key], values)),
      ),
  );
  return fitting.some(({ Effect }) => Effect === 'Allow') && !fitting.some(({ Effect }) => Effect === 'Deny');
}

function fits(pattern: string, text: string, flags = ''): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, flags).test(text);
}

/** @param found what the request brings under that key */
function holds(operator: string, found: string | readonly string[] | undefined, values: readonly string[]): boolean {
  switch (operator) {
    case 'StringEquals':
    case 'Bool':
      return typeof found === 'string' && values.includes(found);
    case 'Null':
      return values.includes(String(found === undefined));
    case 'ForAnyValue:StringEquals':
      return Array.isArray(found) && found.some((one) => values.includes(one));
    default:
      return false;
  }
}
