import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { SandboxSeed } from '../../src/sandbox/seed.ts';
import type { Cloud } from '../scenes/cloud.ts';

/** The cloud of a world, by AWS's own clients: what others than we do and see in it. */
export interface There {
  readonly cloud: Cloud;
  readonly ec2: EC2Client;
  readonly cloudformation: CloudFormationClient;
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
  /** Stands in each request that changes it, and in none that changes another. */
  readonly mark: string;
  /** Stands in those of its requests in which `mark` does not. */
  readonly also?: string;
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
  /** How long a step takes in its cloud, in milliseconds. */
  readonly latencyMs?: number;
  /** So long nothing may be reached before an executor of it has nothing more to do, in milliseconds. */
  readonly restMs?: number;
  /** How many kills it gets beside the others' one: those that take long get fewer. */
  readonly share?: number;
  prepare(there: There, count: number): Promise<readonly Subject[]>;
  /** How often each is so by now: more than once is more than was asked for. Absent: nothing in AWS tells. */
  readonly happened?: (there: There, subjects: readonly Subject[]) => Promise<readonly number[]>;
}

/** `name-007`: none is the beginning of another. */
export function numbered(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `${name}-${String(n).padStart(4, '0')}`);
}

/** Longer than any run: what takes a step stays under way until `pass`. */
export const FOR_EVER_MS = 24 * 3_600_000;

export const times = (is: boolean): number => (is ? 1 : 0);
