import type { KitCall } from '../../../src/kernel/kit.ts';
import type { Lost } from '../../../src/kernel/undo.ts';
import type { Examined, InstancesGuard } from '../instances/guard.ts';
import { addressLoss, storeLoss } from '../instances/losses.ts';
import { scalingGroup } from '../instances/target.ts';
import type { WayBack } from './way-back.ts';

/*
 * What a stop ends and a start doesn't bring back:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-ec2-instance-stop-start-works.html
 */

/** What a line each says of what these instances lose by a stop. */
export function stoppedLost(
  examined: readonly Examined[],
  { force, hibernate }: { readonly force: boolean; readonly hibernate: boolean },
): readonly Lost[] {
  return examined.flatMap((one) => {
    const line = (why: string): Lost => ({ resource: one.instance.instance_id, type: 'AWS::EC2::Instance', why });
    const group = scalingGroup(one.instance);
    if (group !== undefined) return [line(`the instance: the Auto Scaling group ${group} terminates it`)];
    const [store, address] = [storeLoss(one), addressLoss(one)].map((text) => text.replace(/^; /, ''));
    return [
      ...(hibernate
        ? []
        : [line(`what is in its memory${force ? ', and what was not written to its disks yet' : ''}`)]),
      ...(store ? [line(store)] : []),
      ...(address?.startsWith('its public address') ? [line(address)] : []),
    ];
  });
}

/** What an Auto Scaling group terminates can't be started again. */
export function startAgain(before: InstancesGuard): readonly KitCall[] {
  const ids = Object.entries(before).flatMap(([id, { tags }]) => (scalingGroup({ tags }) === undefined ? [id] : []));
  return ids.length === 0 ? [] : [{ tool: 'ec2_start_instances', arguments: { instance_ids: ids.sort() } }];
}

/** The one attribute of one instance, as it was. */
export function attributeBack(
  before: InstancesGuard,
  change: { readonly instance_id: string; readonly instance_type?: string },
): WayBack['calls'] {
  const was = before[change.instance_id];
  // What its Auto Scaling group replaces when it stops isn't there to be changed again.
  if (was === undefined || (change.instance_type !== undefined && scalingGroup(was) !== undefined)) return [];
  const attribute =
    change.instance_type === undefined
      ? { disable_api_termination: was.disable_api_termination }
      : { instance_type: was.instance_type };
  return [{ tool: 'ec2_modify_instance_attribute', arguments: { instance_id: change.instance_id, ...attribute } }];
}
