import type { ChangeSet } from './cloudformation/changeset.ts';
import type { DriftDetection, OrderedDrift } from './cloudformation/drift.ts';
import type { OrderedRefusal } from './cloudformation/refusals.ts';
import type { Stack } from './cloudformation/stack.ts';
import type { Instance, Volume } from './ec2/model.ts';
import { defaultNetwork } from './ec2/network.ts';
import type { Network } from './ec2/network-model.ts';
import type { Image, LaunchTemplate, Snapshot } from './ec2/storage-model.ts';
import type { Specification } from './spec/resources.ts';

/** Everything one region holds. Nothing is shared between regions, as in AWS. */
export interface Region {
  readonly name: string;
  /** Every stack, deleted ones too, oldest first, by its ARN. */
  readonly stacks: Map<string, Stack>;
  readonly changeSets: Map<string, ChangeSet>;
  readonly instances: Map<string, Instance>;
  readonly volumes: Map<string, Volume>;
  readonly snapshots: Map<string, Snapshot>;
  readonly images: Map<string, Image>;
  readonly launchTemplates: Map<string, LaunchTemplate>;
  readonly network: Network;
  /** EC2 client tokens, with a digest of the request and the reservation that they made. */
  readonly clientTokens: Map<string, { request: string; reservationId: string }>;
  /** Client tokens of CreateVolume, with the request and the volume that it made. */
  readonly volumeTokens: Map<string, { request: string; volumeId: string }>;
  /** CloudFormation ClientRequestTokens, with the operation each was used for. */
  readonly requestTokens: Map<string, string>;
  /** `TYPE PHYSICAL-ID` of every resource that exists, however it came to be: names are unique. */
  readonly identifiers: Set<string>;
  /** By the id that AWS gives a detection. */
  readonly driftDetections: Map<string, DriftDetection>;
  /** What tests ordered: resources that were changed outside, and changes that fail. */
  readonly drifts: OrderedDrift[];
  readonly refusals: OrderedRefusal[];
  /** The keys that each bucket holds. */
  readonly objects: Map<string, Set<string>>;
}

export interface Cloud {
  readonly accountId: string;
  readonly latencyMs: number;
  readonly specification: Specification;
  /** Template texts by the URL under which they are to be found: nothing is fetched. */
  readonly templates: Map<string, string>;
  /** Assumed-role ARNs by the access key that AssumeRole handed out. */
  readonly sessions: Map<string, { arn: string; id: string }>;
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
}

interface Step {
  readonly due: number;
  readonly run: () => void;
}

export function createCloud(options: {
  accountId: string;
  /** Asked again for every step. */
  latencyMs: () => number;
  specification: Specification;
  now: () => number;
}): Cloud {
  const regions = new Map<string, Region>();
  const steps: Step[] = [];
  let stepTime: number | undefined;
  const time = () => stepTime ?? options.now();
  return {
    accountId: options.accountId,
    get latencyMs() {
      return options.latencyMs();
    },
    specification: options.specification,
    templates: new Map(),
    sessions: new Map(),
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
        region = {
          name,
          stacks: new Map(),
          changeSets: new Map(),
          instances: new Map(),
          volumes: new Map(),
          snapshots: new Map(),
          images: new Map(),
          launchTemplates: new Map(),
          network: defaultNetwork(name),
          clientTokens: new Map(),
          volumeTokens: new Map(),
          requestTokens: new Map(),
          identifiers: new Set(),
          driftDetections: new Map(),
          drifts: [],
          refusals: [],
          objects: new Map(),
        };
        regions.set(name, region);
      }
      return region;
    },
  };
}
