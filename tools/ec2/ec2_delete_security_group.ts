import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Impact } from '../../src/kernel/plan.ts';
import { defineChangeTool, type Readers } from '../define.ts';
import { Reason, Region, SecurityGroupId } from '../fields.ts';
import type { SecurityGroup } from '../ports/ec2-network.ts';
import { inUse } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { theOne } from './asking.ts';
import { usersOf, usersText } from './network/group-users.ts';
import { identityOf } from './network/ingress-rule.ts';
import { calledBy, counted, ec2Arn, ec2Target, stackNote, typeOf } from './network/target.ts';
import { observeGone } from './observe-gone.ts';
import { onThings } from './permits.ts';
import { GroupBack, groupAgain, groupBack } from './undo/group-back.ts';
import { undoOf } from './undo/way-back.ts';

export default defineChangeTool({
  name: 'ec2_delete_security_group',
  title: 'Delete a security group',
  description: 'Delete a security group that nothing uses, with its rules. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:DeleteSecurityGroup',
  reads: [
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSecurityGroupRules',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeInstances',
  ],
  effects: ['delete'],
  refusals: {
    not_found: 'there is no such group',
    protected: "it is a VPC's default group, which AWS does not delete",
    in_use: 'a network interface is in it, or a rule of another group names it',
  },
  input: z.strictObject({ group_id: SecurityGroupId, region: Region.optional(), reason: Reason }),
  log: { group_id: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ group_id: z.string() }),
  guard: z.looseObject({ back: GroupBack }),

  async plan({ group_id }, readers) {
    const group = theOne(await readers.ec2.securityGroupsById([group_id]), group_id);
    if (group.group_name === 'default') {
      const message = `${group_id} is the default group of ${group.vpc_id}, which goes only with its VPC`;
      throw new HoldshortError('protected', message, 'leave it; revoke its rules if it lets too much in');
    }
    // Both first: moto deletes a group that is in use, and leaves the instances with one that isn't there.
    await refuseUsed(group, readers);
    await refuseNamed(group, readers);
    const rules = await readers.ec2.securityGroupRules([group_id]);
    const inbound = rules.filter(({ is_egress }) => !is_egress).length;
    const impact: Impact[] = [
      {
        resource: ec2Arn(group_id, readers.caller),
        type: typeOf(group_id),
        effect: 'delete',
        detail: `${calledBy(group_id, group.group_name)} in ${group.vpc_id}: gone with its ${inbound} inbound and ${rules.length - inbound} outbound rules; nothing uses it; a new one would have another id${stackNote(group.tags)}`,
        recoverable: false,
      },
    ];
    const { back, lost } = await groupBack(group, rules, readers);
    return {
      summary: `delete security group ${calledBy(group_id, group.group_name)}`,
      targets: [ec2Target(group_id, group.tags, readers.caller)],
      impact,
      ...undoOf(impact, { calls: groupAgain(back, group_id), lost }),
      guard: {
        group_id,
        vpc_id: group.vpc_id,
        tags: { ...group.tags },
        rules: rules.map((rule) => `${rule.security_group_rule_id} ${identityOf(rule.form)}`).sort(),
        network_interfaces: [],
        referenced_by: [],
        back,
      },
    };
  },

  async keep({ arguments: { group_id }, guard }, { ec2 }) {
    const as_it_was = { group: await ec2.group(group_id), rules: await ec2.rules(group_id) };
    return { calls: groupAgain(guard.back, group_id), as_it_was };
  },

  permits: (plan) => onThings('ec2:DeleteSecurityGroup', [plan.arguments.group_id], placeOf(plan)),

  async execute({ arguments: { group_id } }, { ec2 }) {
    await ec2.deleteSecurityGroup(group_id);
  },

  async observe({ arguments: { group_id } }, { ec2, caller }) {
    const filters = [{ name: 'group-id', values: [group_id] }];
    const [found] = (await ec2.securityGroups({ filters, limit: 5 })).items;
    return observeGone(ec2Arn(group_id, caller), found && {}, { verb: 'deleted' });
  },
});

async function refuseUsed({ group_id }: SecurityGroup, readers: Readers): Promise<void> {
  const users = await usersOf([group_id], readers);
  const text = usersText(users.interfaces, users);
  if (text === undefined) return;
  throw inUse(
    `${group_id} is used by ${text}`,
    'give these another group first, outside these tools, or delete them; then ask again',
  );
}

/** A rule of the group that names the group itself goes with it. */
async function refuseNamed({ group_id }: SecurityGroup, { ec2 }: Readers): Promise<void> {
  const others = (await ec2.referencing([group_id])).get(group_id) ?? [];
  if (others.length === 0) return;
  throw inUse(
    `rules of ${counted('other group', others, 5)} name ${group_id}`,
    'look at them with ec2_describe_security_groups and revoke these rules first, then ask again',
  );
}
