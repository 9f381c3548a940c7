/**
 * An answer that is an error: `code` and `status` as the service's API page lists them, `message` as it phrases them.
 */
export class ApiFailure extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'ApiFailure';
    this.code = code;
    this.status = status;
  }
}

export function validationError(message: string): ApiFailure {
  return new ApiFailure('ValidationError', message);
}

/** Returns `value`, or fails as CloudFormation does for an absent required member. */
export function required<T>(value: T | undefined, member: string): T {
  if (value !== undefined && value !== '') return value;
  throw validationError(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}
