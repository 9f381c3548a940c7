/** Faults by rule: which calls run into one, and what then becomes of them. Documented in README.md. */
import { z } from 'zod';
import type { Region } from './cloud.ts';
import { pastOf } from './past.ts';
import { ApiFailure } from './wire/failure.ts';

/** Which calls a rule is about. */
const CALLS = {
  /** Absent: of any. */
  service: z.string().optional(),
  /** `*`: any. */
  action: z.string(),
  /** Counted from the moment that the rule is given: the first that runs into it … */
  from: z.int().min(1).default(1),
  /** … then each so-many-th after that … */
  every: z.int().min(1).default(1),
  /** … so often. */
  times: z.int().min(1).default(1),
};
const SAID = {
  code: z.string().default('InternalFailure'),
  message: z.string().default('a fault was asked for'),
  status: z.int().min(400).max(599).default(500),
};
const rule = <M extends string, Own extends z.ZodRawShape>(modes: readonly M[], own: Own) =>
  z.strictObject({ ...CALLS, mode: z.enum(modes), ...own });

/** `before`: nothing happened; `after`: it did, and the caller isn't told. */
export const Fault = z.discriminatedUnion('mode', [
  rule(
    ['drop_before', 'drop_after', 'throttled', 'token_known', 'half_answer', 'malformed_answer', 'part_and_yes'],
    {},
  ),
  rule(['error_before', 'error_after', 'part_and_error'], SAID),
  /** Until it is let go; or, with `ms`, for so long at most. */
  rule(['hold_before', 'hold_after'], { ms: z.int().min(0).max(600_000).optional() }),
  /** How many reads still see how it was. */
  rule(['stale_reads'], { reads: z.int().min(1).default(1) }),
]);
type Fault = z.infer<typeof Fault>;
export type FaultRule = z.input<typeof Fault>;

/** What AWS says, and with which status, where it is asked too often. */
const THROTTLED: Readonly<Record<string, readonly [string, number]>> = {
  // https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
  ec2: ['RequestLimitExceeded', 503],
  s3: ['SlowDown', 503],
};
/** What AWS says where it has had the request's token before, of another request. */
const TOKEN_KNOWN: Readonly<Record<string, string>> = {
  cloudformation: 'TokenAlreadyExistsException',
  ec2: 'IdempotentParameterMismatch',
};

/** One call, before anything has come of it. */
export interface Call {
  readonly service: string;
  readonly action: string;
  readonly input: object;
  readonly region: Region;
  /** Carries it out on what is there. @returns the answer's body */
  act(input: object, region: Region): string;
}

export interface Answer {
  readonly text: string;
  /** Only its first half is sent, of a length that promises the whole. */
  readonly half?: true;
}

export interface Faults {
  add(fault: Fault): void;
  /**
   * Carries a call out, with what a rule says of it.
   * @returns undefined: the connection breaks without an answer
   * @throws ApiFailure for an answer that is an error
   */
  meet(call: Call): Promise<Answer | undefined>;
  /** Lets go what is held: of one action if given. @returns how many calls */
  release(action?: string): number;
  reset(): void;
}

export function createFaults(): Faults {
  let rules: { readonly fault: Fault; seen: number; left: number }[] = [];
  let held: { readonly action: string; readonly end: (released: boolean) => void }[] = [];
  let lags: { readonly service: string; readonly past: Region; left: number }[] = [];

  /** Each rule counts the calls that it is about; the first that is due is the one. */
  function faultOf({ service, action }: Call): Fault | undefined {
    let found: Fault | undefined;
    for (const one of rules) {
      const { fault } = one;
      if (![service, undefined].includes(fault.service) || ![action, '*'].includes(fault.action)) continue;
      const since = ++one.seen - fault.from;
      if (found || since < 0 || since % fault.every !== 0) continue;
      one.left -= 1;
      found = fault;
    }
    rules = rules.filter(({ left }) => left > 0);
    return found;
  }

  /** @returns whether it is to go on */
  async function hold({ action }: Call, ms: number | undefined): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const one = { action, end: resolve };
    held.push(one);
    const timer = ms === undefined ? undefined : setTimeout(() => resolve(true), ms).unref();
    const released = await promise;
    clearTimeout(timer);
    held = held.filter((other) => other !== one);
    return released;
  }

  /** What a read sees, where a change that it lags behind was made. */
  function seenBy({ service, action, region }: Call): Region {
    if (!/^(Describe|Get|List)/.test(action)) return region;
    const behind = lags.filter(({ service: of, past }) => of === service && past.name === region.name);
    for (const lag of behind) lag.left -= 1;
    lags = lags.filter(({ left }) => left > 0);
    return behind[0]?.past ?? region;
  }

  async function meet(call: Call): Promise<Answer | undefined> {
    const { service, input, region, act } = call;
    const whole = () => act(input, seenBy(call));
    const fault = faultOf(call);
    switch (fault?.mode) {
      case undefined:
        return { text: whole() };
      case 'drop_before':
        return undefined;
      case 'drop_after':
        whole();
        return undefined;
      case 'hold_before':
        return (await hold(call, fault.ms)) ? { text: whole() } : undefined;
      case 'hold_after': {
        const text = whole();
        return (await hold(call, fault.ms)) ? { text } : undefined;
      }
      case 'error_before':
        throw failureOf(fault);
      case 'error_after':
        whole();
        throw failureOf(fault);
      case 'throttled':
        throw new ApiFailure(...saidBy(THROTTLED[service] ?? ['Throttling', 400]));
      case 'token_known': {
        const code = TOKEN_KNOWN[service];
        if (!code || !Object.keys(input).some((name) => /^Client(Request)?Token$/.test(name)))
          throw notHere('this request has no token');
        whole();
        throw new ApiFailure(...saidBy([code, 400]));
      }
      case 'half_answer':
        return { text: whole(), half: true };
      case 'malformed_answer':
        return { text: malformed(whole()) };
      case 'stale_reads':
        lags.push({ service, past: pastOf(region), left: fault.reads });
        return { text: act(input, region) };
      case 'part_and_error':
        act(halfOf(input), region);
        throw failureOf(fault);
      case 'part_and_yes': {
        const part = halfOf(input);
        const text = act(input, pastOf(region));
        act(part, region);
        return { text };
      }
    }
  }

  return {
    add: (fault) => void rules.push({ fault, seen: 0, left: fault.times }),
    meet,
    release(action) {
      const let_go = held.filter((one) => action === undefined || one.action === action);
      for (const one of let_go) one.end(true);
      return let_go.length;
    },
    reset() {
      // What they would be carried out on is gone.
      for (const one of held) one.end(false);
      [rules, lags] = [[], []];
    },
  };
}

type Said = { readonly code: string; readonly message: string; readonly status: number };
const failureOf = ({ code, message, status }: Said) => new ApiFailure(code, message, status);
const saidBy = ([code, status]: readonly [string, number]) => [code, 'a fault was asked for', status] as const;
const notHere = (why: string) => new ApiFailure('InternalFailure', `sandbox: ${why}`, 500);

/** Of the first list of several: the first half. @throws ApiFailure where the request has none */
function halfOf(input: object): object {
  const batch = Object.entries(input).find(([, value]) => Array.isArray(value) && value.length > 1);
  if (!batch) throw notHere('this request has nothing of which a part could be done');
  const [name, all] = batch as [string, unknown[]];
  return { ...input, [name]: all.slice(0, Math.floor(all.length / 2)) };
}

/** Begins and ends as it should, and can't be read: no element inside of XML ends, no member of JSON has a colon. */
function malformed(text: string): string {
  return text.startsWith('{') ? text.replaceAll('":', '"') : text.replace(/<\/(?=[\s\S]*<\/)/g, '<');
}
