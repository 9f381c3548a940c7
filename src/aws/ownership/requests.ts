import { awsCodeOf } from '../request/errors.ts';

/** What a look-up that says nothing came to: refused, failed, or never sent. */
export class Untold {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** As many requests as one plan may take: a template chooses how many things it names. */
const MOST_OF_A_PLAN = 50;
/** At once: AWS throttles DescribeStackResources for the whole account. */
const AT_ONCE = 5;

/** The requests of one plan, or of one survey. */
export interface Requests {
  /**
   * The answer; or why there is none, as a look-up that fails is no failure of the plan.
   * @param work calls `spend` before each request
   */
  ask<T>(operation: string, work: (spend: () => void) => Promise<T>): Promise<T | Untold>;
}

const TOO_MANY = new Error('too many requests');

export function boundedRequests(most = MOST_OF_A_PLAN): Requests {
  let left = most;
  return {
    async ask(operation, work) {
      try {
        return await work(() => {
          if (left === 0) throw TOO_MANY;
          left -= 1;
        });
      } catch (error) {
        if (error === TOO_MANY) return new Untold(`more than ${most} look-ups would be needed`);
        return new Untold(`${operation}: ${awsCodeOf(error) ?? 'no answer'}`);
      }
    },
  };
}

/** One after the other, a few at once; answers in the order of `all`. */
export async function each<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  for (let at = 0; at < all.length; at += AT_ONCE)
    done.push(...(await Promise.all(all.slice(at, at + AT_ONCE).map(work))));
  return done;
}

export function batches<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}
