import type { Json } from '../../../src/kernel/digest.ts';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { StackAsItIs } from '../../ports/cloudformation-keeper.ts';
import type { Ec2Keeper } from '../../ports/ec2-keeper.ts';
import type { Keepers } from '../../ports/keepers.ts';

/*
 * What EC2 tells of its things in a stack, for people: what was changed by hand is in no template. It brings nothing
 * back by itself, so that one that is gone, or that may not be read, keeps nothing from being kept.
 */

/** Of each type, in all stacks together. */
const MOST = 50;

type Read = (ids: readonly string[], ec2: Ec2Keeper) => Promise<Json>;

/** By the resource's type: what is read of it, by the keepers that EC2's own tools have. */
const READ: Readonly<Record<string, Readonly<Record<string, Read>>>> = {
  'AWS::EC2::Instance': {
    described: async (ids, ec2) => await ec2.instances(ids),
    user_data: async (ids, ec2) => await ec2.userData(ids),
    recovery_points: async (ids, ec2) => await ec2.imagesOfBackup(ids),
  },
  'AWS::EC2::Volume': {
    described: async (ids, ec2) => await ec2.volumes(ids),
    recovery_points: async (ids, ec2) => await ec2.snapshotsOfBackup(ids),
  },
  'AWS::EC2::SecurityGroup': {
    described: async ([id = ''], ec2) => await ec2.group(id),
    rules: async ([id = ''], ec2) => await ec2.rules(id),
  },
};

/** The types of which settings are kept. */
export const KEPT_TYPES: readonly string[] = Object.keys(READ);

/** What there is of one resource, or why there is nothing. */
interface Setting {
  readonly type: string;
  readonly physical_id: string;
  readonly [member: string]: Json;
}

const NOT_THERE: ReadonlySet<string> = new Set(['not_found', 'aws_denied']);

/** @param stacks a stack and those nested in it */
export async function settingsOf(
  stacks: readonly Pick<StackAsItIs, 'resources'>[],
  { ec2 }: Keepers,
): Promise<readonly Setting[]> {
  const settings: Setting[] = [];
  for (const [type, reads] of Object.entries(READ)) {
    const ids = stacks
      .flatMap(({ resources }) => resources)
      .filter((one) => one.type === type && !/^DELETE_(COMPLETE|SKIPPED)$/.test(one.status))
      .flatMap(({ physical_id }) => physical_id || []);
    for (const [at, physical_id] of ids.entries())
      settings.push({
        type,
        physical_id,
        ...(at < MOST
          ? await readOf(physical_id, reads, ec2)
          : { left_out: `of ${ids.length} the first ${MOST} are read` }),
      });
  }
  return settings;
}

async function readOf(id: string, reads: Readonly<Record<string, Read>>, ec2: Ec2Keeper) {
  const found: Record<string, Json> = {};
  for (const [name, read] of Object.entries(reads)) {
    try {
      found[name] = await read([id], ec2);
    } catch (error) {
      if (!(error instanceof HoldshortError) || !NOT_THERE.has(error.code)) throw error;
      return { ...found, left_out: error.message };
    }
  }
  return found;
}
