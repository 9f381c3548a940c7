import { HoldshortError } from '../../kernel/errors.ts';
import { awsCodeOf } from '../request/errors.ts';

export function instanceNotFound(id: string): HoldshortError {
  return new HoldshortError(
    'not_found',
    `there is no instance ${id} here`,
    'list instances with ec2_describe_instances; check `region`',
  );
}

/** The error as it is, or, where EC2 doesn't know one of the ids, `not_found` naming it. */
export function missingInstance(error: unknown, ids: readonly string[]): unknown {
  if (awsCodeOf(error) !== 'InvalidInstanceID.NotFound') return error;
  const named = /i-[0-9a-f]{8,17}/.exec(error instanceof Error ? error.message : '')?.[0];
  return instanceNotFound(ids.find((id) => id === named) ?? ids[0] ?? '');
}
