import type { STSClient } from '@aws-sdk/client-sts';
import { checkAnswer } from './answer.ts';
import { noAnswerWithin } from './errors.ts';

/** What the SDK's middleware gives each step of one request; the same object from the first step to the last. */
interface RequestContext {
  readonly commandName?: string;
  holdshort?: Deadline;
  /** Ends with the call that the request is for. */
  holdshortOver?: AbortSignal;
  /** What has to be done before anything is sent. */
  holdshortFirst?: First;
}

/**
 * What has to be done when a request is signed and before its bytes leave.
 * @param signedAt the date in its signature (ISO 8601), which AWS judges it by; undefined where it has none
 */
export type First = (signedAt: string | undefined) => Promise<void>;

interface Deadline {
  readonly overdue: AbortSignal;
  sent: boolean;
  /** Does what isn't AWS's: its time isn't counted. Where none is left it isn't begun. */
  without<T>(work: () => Promise<T>): Promise<T>;
}

type Send<Args, Result> = (args: Args) => Promise<Result>;

/**
 * A request's whole time, from finding credentials through all attempts to the end of the last body. The SDK's own
 * timeouts end when the headers have arrived, and are counted again for each attempt. After it nothing is sent any
 * more. Without what has to be done first, which has bounds of its own: a change whose intent took a busy store long to
 * write would be begun by then, and spent for nothing.
 * It counts as refused only when nothing had been sent by then.
 * @throws aws_unreachable
 */
export function withinTime(limitMs: number) {
  return <Args, Result>(next: Send<Args, Result>, context: RequestContext): Send<Args, Result> =>
    async (args) => {
      const over = new AbortController();
      const began = performance.now();
      let timer: NodeJS.Timeout | undefined;
      const deadline: Deadline = {
        overdue: over.signal,
        sent: false,
        async without(work) {
          const left = limitMs - (performance.now() - began);
          // Also where this process had no time to notice.
          if (left <= 0) end();
          over.signal.throwIfAborted();
          clearTimeout(timer);
          try {
            return await work();
          } finally {
            timer = setTimeout(end, left);
          }
        },
      };
      context.holdshort = deadline;
      const { promise: tooLong, reject } = Promise.withResolvers<never>();
      const end = () => {
        reject(noAnswerWithin(limitMs, operationOf(context), deadline.sent));
        over.abort();
      };
      timer = setTimeout(end, limitMs);
      try {
        return await Promise.race([next(args), tooLong]);
      } finally {
        clearTimeout(timer);
      }
    };
}

/**
 * The step next to the wire, once for each attempt: sends, and looks at the whole answer before the SDK does.
 * @param known the root elements of the service's answers; absent, those of the query protocols
 * @param onSend called before each attempt
 */
export function checkingAnswers(known?: RegExp, onSend?: () => void) {
  return <Args, Result extends { readonly response: unknown }>(
    next: Send<Args, Result>,
    context: RequestContext,
  ): Send<Args, Result> =>
    async (args) => {
      const { holdshort: deadline, holdshortFirst: first } = context;
      if (!deadline) throw new Error('a request without a deadline');
      // The caller has been told already that there was no answer.
      deadline.overdue.throwIfAborted();
      if (first) {
        const signedAt = signatureDate(args);
        await deadline.without(async () => await first(signedAt));
        deadline.overdue.throwIfAborted();
      }
      deadline.sent = true;
      onSend?.();
      const result = await next(args);
      const ends = [deadline.overdue, ...(context.holdshortOver ? [context.holdshortOver] : [])];
      await checkAnswer(result.response, operationOf(context), ends, known);
      return result;
    };
}

interface Command {
  readonly middlewareStack: STSClient['middlewareStack'];
}

/**
 * The body of this request's answer isn't read on once the call is over. (The SDK's own signal ends with the headers.)
 */
export function endBy(over: AbortSignal, command: Command): void {
  inContext({ holdshortOver: over }, command);
}

/** This request is signed by the time that `first` is awaited, and nothing of it is sent where that fails. */
export function sendAfter(first: First, command: Command): void {
  inContext({ holdshortFirst: first }, command);
}

function inContext(
  facts: Pick<RequestContext, 'holdshortOver' | 'holdshortFirst'>,
  { middlewareStack }: Command,
): void {
  const step =
    <Args, Result>(next: Send<Args, Result>, context: RequestContext): Send<Args, Result> =>
    async (args) => {
      Object.assign(context, facts);
      return await next(args);
    };
  middlewareStack.add(step, { step: 'initialize', name: `holdshort ${Object.keys(facts)}` });
}

/** `20261130T124214Z`: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
const SIGNED = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

function signatureDate(args: unknown): string | undefined {
  const { request } = args as { readonly request?: { readonly headers?: Readonly<Record<string, string>> } };
  const [whole, year, month, day, hour, minute, second] = SIGNED.exec(request?.headers?.['x-amz-date'] ?? '') ?? [];
  return whole && `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
}

function operationOf({ commandName = 'a request' }: RequestContext): string {
  return commandName.replace(/Command$/, '');
}
