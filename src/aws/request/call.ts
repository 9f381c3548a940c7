import { endBy, type First, sendAfter } from './deadline.ts';
import { awsCodeOf, awsError, callIsOver } from './errors.ts';

/** Waits for an answer; a failure becomes ours. */
export async function called<T>(sent: Promise<T>, operation: string): Promise<T> {
  return await sent.catch((error: unknown) => {
    throw awsError(error, operation);
  });
}

/**
 * The same, undefined for a stack or change set that isn't there. For stacks CloudFormation has no code of its own,
 * only a sentence.
 */
export async function unlessMissing<T>(sent: Promise<T>, operation: string): Promise<T | undefined> {
  return await sent.catch((error: unknown) => {
    const mapped = awsError(error, operation);
    const code = awsCodeOf(mapped) ?? '';
    if (code === 'ValidationError' && /does not exist/.test(mapped.message)) return undefined;
    if (code.startsWith('ChangeSetNotFound')) return undefined;
    throw mapped;
  });
}

interface Sender {
  send(command: never, options?: never): Promise<unknown>;
}

/**
 * The same client for one call. Once the call is over, because it was answered, took too long or was given up, nothing
 * more is sent, and no answer is waited for: a list whose pages never end would otherwise be read on when nobody waits
 * for it any more.
 */
export function endingWith<C extends Sender>(client: C, over: AbortSignal | undefined): C {
  if (!over) return client;
  const send = async (command: never) => {
    if (over.aborted) throw callIsOver('not sent');
    endBy(over, command);
    const ended = Promise.withResolvers<never>();
    const end = () => ended.reject(callIsOver('sent'));
    over.addEventListener('abort', end, { once: true });
    const sent = client.send(command, { abortSignal: over } as never);
    return await Promise.race([sent, ended.promise]).finally(() => over.removeEventListener('abort', end));
  };
  return Object.create(client, { send: { value: send } }) as C;
}

/** The same client, of which nothing is sent before `first` is done. */
export function sendingAfter<C extends Sender>(client: C, first: First): C {
  const send = async (command: never) => {
    sendAfter(first, command);
    return await client.send(command);
  };
  return Object.create(client, { send: { value: send } }) as C;
}
