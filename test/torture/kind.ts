import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { SandboxSeed } from '../../src/sandbox/seed.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import type { Cloud } from '../scenes/cloud.ts';
import type { Place } from '../scenes/front-door.ts';
import type { Asking } from '../scenes/here.ts';

/** The cloud of a world, by AWS's own clients: what others than we do and see in it. */
export interface There {
  readonly cloud: Cloud;
  readonly ec2: EC2Client;
  readonly cloudformation: CloudFormationClient;
  /** The same in one of its accounts, where it has several. */
  in(account: string): Promise<There>;
  /** Lets all that is under way in the cloud come to its end. */
  pass(): Promise<void>;
}

/** Of a world; the first is the one that is meant where none is named. */
export const REGIONS: readonly string[] = Array.from({ length: 99 }, (_, n) => `eu-west-${n + 1}`);

/** Who isn't us in a world. */
export const OTHERS = { credentials: { accessKeyId: 'AKIDOTHERS', secretAccessKey: 'testing' } };

/** What one ticket is about: nobody else in its world changes it. */
export interface Subject {
  /** Of the call, without its reason. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Stands in each request that changes it, and in none of the same action that changes another. */
  readonly mark: string;
  /** What stands in each of its requests instead, in their order. */
  readonly marks?: readonly string[];
  /** In which account, where there are several. */
  readonly account?: string;
  /** Where it isn't the kind's own. */
  readonly tool?: string;
  readonly actions?: readonly string[];
  /** Volumes that must not go before there is a snapshot of each, taken once. */
  readonly volumes?: readonly string[];
}

/** A subject that was asked for. */
export interface Opened {
  readonly subject: Subject;
  readonly ticket: Pick<StoredTicket, 'id' | 'state'>;
}

/** Where tickets are asked for, before and between the executors that are killed. */
export interface Asked {
  readonly there: There;
  readonly place: Place;
  readonly asking: Asking;
  stateOf(ticket: string): string | undefined;
  /** Carries out what is approved, and isn't killed. */
  carriedOut(): Promise<void>;
}

/** One kind of change, as many of it as a world needs. */
export interface Kind {
  /** The tool's name; with more words, where one tool has several ways. */
  readonly name: string;
  readonly tool: string;
  /** Its requests, in order; several where the change takes several. */
  readonly actions: readonly string[];
  /** What is there before: enough for so many. */
  seed(count: number): SandboxSeed;
  /** Whether all of that is in each of two accounts instead, in which executors have roles. */
  readonly inAccounts?: boolean;
  /** How long a step takes in its cloud, in milliseconds. */
  readonly latencyMs?: number;
  /** So long nothing may be reached before an executor of it has nothing more to do, in milliseconds. */
  readonly restMs?: number;
  /** How many kills it gets beside the others' one: those that take long get fewer. */
  readonly share?: number;
  /** How many executors are there at once, each of which is killed. Absent: one. */
  readonly executors?: number;
  prepare(there: There, count: number): Promise<readonly Subject[]>;
  /**
   * For subjects that come of what became of others: asks for the next one.
   * @returns undefined where by now there is none
   */
  readonly ask?: (asked: Asked, subjects: readonly Subject[]) => Promise<() => Promise<Opened | undefined>>;
  /** How often each is so by now: more than once is more than was asked for. Absent: nothing in AWS tells. */
  readonly happened?: (there: There, subjects: readonly Subject[]) => Promise<readonly number[]>;
}

/** `name-007`: none is the beginning of another. */
export function numbered(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `${name}-${String(n).padStart(4, '0')}`);
}

/** A step of a cloud, where its kind doesn't say otherwise. */
export const STEP_MS = 30;

/** Long enough for an executor to see a snapshot that isn't complete yet, and to be killed meanwhile. */
export const SNAPSHOT_MS = 600;

/** Longer than any run: what takes a step stays under way until `pass`. */
export const FOR_EVER_MS = 24 * 3_600_000;

export const times = (is: boolean): number => (is ? 1 : 0);
