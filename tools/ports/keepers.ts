import type { Json } from '../../src/kernel/digest.ts';
import type { KitCall } from '../../src/kernel/kit.ts';
import type { CloudFormationKeeper } from './cloudformation-keeper.ts';
import type { Ec2Keeper } from './ec2-keeper.ts';

/** What recovery kits are made from: things as they are, with the secrets in them. Reads only; executors have it. */
export interface Keepers {
  readonly cloudformation: CloudFormationKeeper;
  readonly ec2: Ec2Keeper;
}

/** What a tool puts into a recovery kit. */
export interface ToKeep {
  /** What its tools take, without region and reason. */
  readonly calls: readonly KitCall[];
  /** For people: all that was read. */
  readonly as_it_was: Json;
}

/** What an agent, or a person, asks to have brought back. */
export interface RestoreAsked {
  /** An id, or a unique beginning. */
  readonly ticket: string;
  /** Which call of its recovery kit, from 1. */
  readonly part: number;
  /** What nobody could keep. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly reason: string;
}
