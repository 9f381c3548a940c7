import type { Readers } from '../../define.ts';
import type { GroupUse } from '../../ports/deletion-obstacles.ts';
import type { Instance } from '../../ports/ec2-instances.ts';
import { inUse } from '../../refusing.ts';
import type { OwnedResource } from '../stack/inventory.ts';

const STACK_ID_TAG = 'aws:cloudformation:stack-id';
const UNTOLD = 'who else uses it could not be read: AWS refuses to delete a group in use';

/**
 * Security groups that something outside the stack uses, so that AWS wouldn't delete them: throws `in_use`. Only what
 * is certain is refused: load balancers, functions and services make interfaces of their own, which go with them.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
 */
export async function groupNotes(
  going: readonly OwnedResource[],
  stackIds: ReadonlySet<string>,
  readers: Readers,
): Promise<ReadonlyMap<string, string>> {
  const groups = going.flatMap(({ type, physical_id }) =>
    type === 'AWS::EC2::SecurityGroup' && /^sg-[0-9a-f]+$/.test(physical_id ?? '') ? [physical_id ?? ''] : [],
  );
  if (groups.length === 0) return new Map();
  const use = await readers.cloudformation.groupUse(groups);
  if (use === undefined) return new Map(groups.map((id) => [id, UNTOLD]));
  const ids = new Set(going.map(({ physical_id }) => physical_id ?? ''));
  const notes = new Map<string, string>();
  const add = (id: string, note: string) => notes.set(id, [...new Set([notes.get(id) ?? note, note])].join('; '));
  refuseReferences(use, going, ids, add);
  await refuseInterfaces(use, ids, stackIds, readers, add);
  return notes;
}

type Add = (id: string, note: string) => void;

function refuseReferences(use: GroupUse, going: readonly OwnedResource[], ids: ReadonlySet<string>, add: Add): void {
  // A rule in another group may be a resource of this stack, which goes before the group.
  const ownRules = going.some(({ type }) => /^AWS::EC2::SecurityGroup(Ingress|Egress)$/.test(type));
  for (const { group_id, by } of use.references) {
    if (ids.has(by)) continue;
    if (ownRules) {
      add(group_id, `rules of ${by} name it: AWS refuses to delete it unless they are this stack's`);
      continue;
    }
    throw inUse(
      `rules of security group ${by}, outside the stack, name security group ${group_id}: AWS does not delete it then`,
      `let a person take these rules out of ${by} first; then ask again`,
    );
  }
}

async function refuseInterfaces(
  use: GroupUse,
  ids: ReadonlySet<string>,
  stackIds: ReadonlySet<string>,
  { ec2 }: Readers,
  add: Add,
): Promise<void> {
  const outside = use.interfaces.filter((one) => !ids.has(one.interface_id) && !ids.has(one.instance_id ?? ''));
  const owners = new Map<string, Instance>();
  const instanceIds = [...new Set(outside.flatMap(({ instance_id }) => instance_id ?? []))];
  for (let start = 0; start < instanceIds.length; start += 100) {
    const filters = [{ name: 'instance-id', values: instanceIds.slice(start, start + 100) }];
    for (const instance of (await ec2.instances({ filters, limit: 1000 })).items)
      owners.set(instance.instance_id, instance);
  }
  for (const { interface_id, group_ids, instance_id, managed } of outside) {
    const owner = instance_id === undefined ? undefined : owners.get(instance_id);
    const ours = owner !== undefined && stackIds.has(owner.tags[STACK_ID_TAG] ?? '');
    if (ours) continue;
    const untold = managed || (instance_id !== undefined && (owner === undefined || isManaged(owner)));
    for (const id of group_ids) {
      if (untold) {
        add(id, 'interfaces that AWS services manage use it: AWS refuses to delete it unless they go with the stack');
        continue;
      }
      const user = instance_id === undefined ? `network interface ${interface_id}` : `instance ${instance_id}`;
      throw inUse(
        `${user}, outside the stack, uses security group ${id}: AWS does not delete it then`,
        `let a person give ${instance_id ?? interface_id} another group first; then ask again`,
      );
    }
  }
}

/**
 * Launched by a service (Auto Scaling, a fleet, a node group), which the stack may own; not by a stack, which tags with
 * its own id.
 */
function isManaged({ tags }: Instance): boolean {
  return Object.keys(tags).some((key) => /^aws:/.test(key) && !/^aws:(cloudformation|ec2launchtemplate):/.test(key));
}
