import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Permits } from './permits.ts';

/**
 * Of one policy that is given along with AssumeRole.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
const MOST_CHARACTERS = 2_048;

/**
 * The session policy's text: what a session may do is what its role may and this says, never more.
 * @throws invalid_input where it is longer than AWS takes: nothing is left out or widened to make it fit
 */
export function sessionPolicy({ permissions }: Permits): string {
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: permissions.map(({ actions, resources, when }) => ({
      Effect: 'Allow',
      Action: actions,
      Resource: resources,
      ...(when ? { Condition: when } : {}),
    })),
  });
  if (text.length <= MOST_CHARACTERS) return text;
  throw new HoldshortError(
    'invalid_input',
    `what this change needs doesn't fit into the policy of one session (${text.length} of ${MOST_CHARACTERS} characters)`,
    'ask for fewer resources in one call',
  );
}
