import { randomBytes } from 'node:crypto';
import type { TrailEvent } from './cloudtrail/event.ts';
import type { Bytes } from './ids.ts';
import type { Specification } from './spec/resources.ts';
import type { RoleSession } from './sts/role-session.ts';

/** One region: nothing is shared between regions, as in AWS. */
export interface Region {
  readonly name: string;
  /** What each service keeps of it (`region-state.ts`). */
  readonly kept: Map<symbol, unknown>;
}

export interface Cloud {
  readonly accountId: string;
  /** Another account that is played beside this one; undefined where it isn't. */
  readonly elsewhere: (accountId: string) => Cloud | undefined;
  readonly latencyMs: number;
  readonly specification: Specification;
  /** Template texts by the URL under which they are to be found: nothing is fetched. */
  readonly templates: Map<string, string>;
  /** By the access key that AssumeRole handed out. */
  readonly sessions: Map<string, RoleSession>;
  /** What CloudTrail tells, oldest first. */
  readonly trail: TrailEvent[];
  /** For templates that nobody deploys here, and for what is there already: nothing is validated. */
  readonly tolerant: boolean;
  /**
   * What only a real account would tell (exports of other stacks, templates at addresses, attributes) is made up.
   * Called with each such thing, in words; undefined where nothing is made up.
   */
  readonly makeUp: ((what: string) => void) | undefined;
  /** From which the ids of stacks, of what is in them and of change sets are made. */
  readonly bytes: Bytes;
  /** Milliseconds since 1970: now, or, within a scheduled step, the moment that step was due. */
  time(): number;
  /** Plans `step` for `delayMs` after `time()`. It runs when someone next looks, with the time it was due. */
  after(delayMs: number, step: () => void): void;
  /**
   * Runs, in order, every step that is due. Called before each request: nothing happens between requests that one could
   * see.
   */
  settle(): void;
  region(name: string): Region;
  /** Those that someone has looked at. */
  regions(): readonly Region[];
}

interface Step {
  readonly due: number;
  readonly run: () => void;
}

export function createCloud(options: {
  accountId: string;
  /** Default: no other account is played. */
  elsewhere?: (accountId: string) => Cloud | undefined;
  /** Asked again for every step. */
  latencyMs: () => number;
  specification: Specification;
  now: () => number;
  /** Asked again for every step. Default: it validates. */
  tolerant?: () => boolean;
  /** Default: nothing is made up. */
  makeUp?: (what: string) => void;
  /** Default: random ones. */
  bytes?: Bytes;
}): Cloud {
  const regions = new Map<string, Region>();
  const steps: Step[] = [];
  let stepTime: number | undefined;
  const time = () => stepTime ?? options.now();
  return {
    accountId: options.accountId,
    elsewhere: options.elsewhere ?? (() => undefined),
    get latencyMs() {
      return options.latencyMs();
    },
    specification: options.specification,
    get tolerant() {
      return options.tolerant?.() ?? false;
    },
    makeUp: options.makeUp,
    bytes: options.bytes ?? randomBytes,
    templates: new Map(),
    sessions: new Map(),
    trail: [],
    time,
    after(delayMs, run) {
      const due = time() + delayMs;
      const later = steps.findIndex((step) => step.due > due);
      steps.splice(later === -1 ? steps.length : later, 0, { due, run });
    },
    settle() {
      const now = options.now();
      for (let next = steps[0]; next && next.due <= now; next = steps[0]) {
        steps.shift();
        stepTime = next.due;
        try {
          next.run();
        } finally {
          stepTime = undefined;
        }
      }
    },
    region(name) {
      let region = regions.get(name);
      if (!region) {
        region = { name, kept: new Map() };
        regions.set(name, region);
      }
      return region;
    },
    regions: () => [...regions.values()],
  };
}
