import type { Region } from '../cloud.ts';
import { ApiFailure } from '../wire/failure.ts';
import { requestTokensIn } from './state.ts';

/**
 * Whether `token` was used before for the very same operation, which is then not done again.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html, ClientRequestToken
 * @throws ApiFailure TokenAlreadyExistsException when it was used for another
 */
export function isRepeated(region: Region, token: string | undefined, operation: string): boolean {
  const before = token === undefined ? undefined : requestTokensIn(region).get(token);
  if (before === undefined) return false;
  if (before === operation) return true;
  throw new ApiFailure('TokenAlreadyExistsException', `Token ${token} already exists for a different operation`);
}
