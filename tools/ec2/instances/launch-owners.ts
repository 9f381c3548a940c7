import type { Target } from '../../../src/kernel/target.ts';
import { reachOf } from '../../cloudformation/reach/targets.ts';
import type { Readers } from '../../define.ts';
import type { Launch } from './launch.ts';

/** The IAM actions by which it is found out whose they are. */
export const LAUNCH_OWNER_READS = [
  'cloudformation:DescribeStacks',
  'cloudformation:DescribeStackResources',
  'ec2:DescribeTags',
  'iam:ListInstanceProfileTags',
] as const;

const NO_STACK = { stack_id: '', stack_name: '', tags: {} };

/**
 * Whose the profile and the launch template of a launch are, found out as where a template names them: the attacker
 * launches into a development network with production's role.
 */
export async function launchOwners(
  { profile }: Launch,
  templateId: string | undefined,
  readers: Readers,
): Promise<{ readonly targets: readonly Target[]; readonly whose: ReadonlyMap<string, string> }> {
  const about = { by: 'AWS::EC2::Instance', how: 'acts as' } as const;
  const named = [
    ...(profile === undefined ? [] : [{ name: profile, type: 'AWS::IAM::InstanceProfile', path: 'profile' }]),
    ...(templateId === undefined ? [] : [{ name: templateId, type: 'AWS::EC2::LaunchTemplate', path: 'template' }]),
  ];
  const { targets, notes } = await reachOf(
    named.map((one) => ({ ...one, ...about })),
    [],
    NO_STACK,
    readers,
    { environments: [], known: [] },
  );
  return { targets, whose: new Map(named.map(({ name, path }) => [name, (notes.get(path) ?? []).join('; ')])) };
}
