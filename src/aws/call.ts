import { awsCodeOf, awsError } from './errors.ts';

/** Waits for an answer; a failure becomes ours. */
export async function called<T>(sent: Promise<T>, operation: string): Promise<T> {
  return await sent.catch((error: unknown) => {
    throw awsError(error, operation);
  });
}

/** The same, undefined for a stack or change set that isn't there. For stacks CloudFormation has no code of its own, only a sentence. */
export async function unlessMissing<T>(sent: Promise<T>, operation: string): Promise<T | undefined> {
  return await sent.catch((error: unknown) => {
    const mapped = awsError(error, operation);
    const code = awsCodeOf(mapped) ?? '';
    if (code === 'ValidationError' && /does not exist/.test(mapped.message)) return undefined;
    if (code.startsWith('ChangeSetNotFound')) return undefined;
    throw mapped;
  });
}
