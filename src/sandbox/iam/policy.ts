import { z } from 'zod';
import { ApiFailure } from '../wire/failure.ts';
import { allHold, Conditions, fits, type RequestContext, Texts } from './conditions.ts';

/** What a request needs to be allowed: each by itself. */
export interface Wanted {
  readonly action: string;
  readonly resource: string;
  readonly context?: RequestContext;
}

const Said = {
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: Texts,
  Condition: Conditions.optional(),
};

/** What the one that it is attached to may do; actions and resources may hold `*` and `?`. */
const PolicyDocument = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(z.strictObject({ ...Said, Resource: Texts })),
});
export type Policy = z.infer<typeof PolicyDocument>;

/** Of a role's policy on who may be it. */
const TrustDocument = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(
    z.strictObject({
      ...Said,
      Principal: z.union([
        z.literal('*').transform(() => ({ AWS: ['*'] })),
        z.strictObject({ AWS: Texts.optional(), Service: Texts.optional(), Federated: Texts.optional() }),
      ]),
    }),
  ),
});
export type Trust = z.infer<typeof TrustDocument>;

/** @throws ApiFailure MalformedPolicyDocument for what AWS doesn't take, and for what isn't known here */
export function policyOf(document: unknown): Policy {
  return parsed(PolicyDocument, document);
}

/** The same of a trust policy. @throws ApiFailure MalformedPolicyDocument */
export function trustOf(document: unknown): Trust {
  return parsed(TrustDocument, document);
}

function parsed<T>(schema: z.ZodType<T>, document: unknown): T {
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const what = `${issue?.path.join('.')}: ${issue?.message}`;
  throw new ApiFailure('MalformedPolicyDocument', `The policy is not one that is known here: ${what}`);
}

/**
 * What policies say to a request, taken by themselves: one that denies outweighs all that allow.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export type Verdict = 'allowed' | 'denied' | 'not said';

export function verdictOf(policies: readonly Policy[], wanted: Wanted): Verdict {
  const fitting = policies
    .flatMap(({ Statement }) => Statement)
    .filter((one) => saysOf(one, wanted) && one.Resource.some((pattern) => fits(pattern, wanted.resource)));
  if (fitting.some(({ Effect }) => Effect === 'Deny')) return 'denied';
  return fitting.some(({ Effect }) => Effect === 'Allow') ? 'allowed' : 'not said';
}

/** Who asks to be a role. */
export interface Caller {
  /** A user's ARN, or a session's. */
  readonly arn: string;
  /** A user's ARN, or that of the role that the session is of. */
  readonly principal: string;
}

/**
 * What a role's trust says to a caller. Where it names the caller's account alone, the account's own policies have to
 * allow it too.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function trustVerdict(
  { Statement: statements }: Trust,
  { arn, principal }: Caller,
  wanted: Wanted,
): Exclude<Verdict, 'allowed'> | 'allowed by name' | 'allowed by account' {
  const account = principal.split(':')[4] ?? '';
  const byAccount = new Set(['*', account, `arn:aws:iam::${account}:root`]);
  const names = (one: string) => one === arn || one === principal;
  const fitting = statements.filter(
    (one) =>
      saysOf(one, wanted) && one.Principal.AWS?.some((principalOf) => names(principalOf) || byAccount.has(principalOf)),
  );
  if (fitting.some(({ Effect }) => Effect === 'Deny')) return 'denied';
  if (fitting.some(({ Principal }) => Principal.AWS?.some(names))) return 'allowed by name';
  return fitting.length > 0 ? 'allowed by account' : 'not said';
}

function saysOf(
  { Action, Condition }: { readonly Action: readonly string[]; readonly Condition?: Conditions | undefined },
  { action, context }: Wanted,
): boolean {
  return Action.some((pattern) => fits(pattern, action, 'i')) && allHold(Condition, context);
}
