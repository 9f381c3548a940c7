import { ApiFailure } from '../wire/failure.ts';

interface Request {
  readonly ClientToken?: string | undefined;
}

/**
 * What was made under a request's client token, and the request's text, to be kept with what is made now. One token
 * stands for one request: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
 * @throws ApiFailure where the token came with another request before
 */
export function madeBefore<T extends { readonly request: string }>(
  made: ReadonlyMap<string, T>,
  input: Request,
): { readonly request: string; readonly before: T | undefined } {
  const request = JSON.stringify({ ...input, ClientToken: undefined, DryRun: undefined });
  const before = input.ClientToken === undefined ? undefined : made.get(input.ClientToken);
  if (before && before.request !== request) {
    throw new ApiFailure(
      'IdempotentParameterMismatch',
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
    );
  }
  return { request, before };
}
