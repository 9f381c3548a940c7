import { z } from 'zod';
import type { KitCall } from '../../../src/kernel/kit.ts';
import type { Lost } from '../../../src/kernel/undo.ts';
import type { Readers } from '../../define.ts';
import type { SecurityGroup, SecurityGroupRule } from '../../ports/ec2-network.ts';
import { isMasked } from '../../ports/masks.ts';
import { StoredRules } from '../network/examined-group.ts';
import { GroupDescription, GroupName } from '../network/group-text.ts';
import { sourceText, trafficText } from '../network/ingress-rule.ts';
import { ec2Arn } from '../network/target.ts';
import { addToMade, rulesBack } from './rules-back.ts';
import { tagsKept } from './tags-back.ts';

/** What is kept of a group, in a guard. */
export const GroupBack = z.strictObject({
  group_name: z.string(),
  description: z.string(),
  vpc_id: z.string(),
  tags: z.record(z.string(), z.string()),
  rules: StoredRules,
});
export type GroupBack = z.output<typeof GroupBack>;

const NO_DESCRIPTION = 'restored; its description was not kept';

/** What of a group can be made again, and what of it can't. */
export async function groupBack(
  group: SecurityGroup,
  rules: readonly SecurityGroupRule[],
  readers: Readers,
): Promise<{ readonly back: GroupBack; readonly lost: readonly Lost[] }> {
  const { group_id, group_name, vpc_id } = group;
  const arn = ec2Arn(group_id, readers.caller);
  const line = (why: string): Lost => ({ resource: arn, type: 'AWS::EC2::SecurityGroup', why });
  const inbound = await rulesBack(
    arn,
    rules.filter(({ is_egress }) => !is_egress),
    readers,
  );
  const described = isGiven(GroupDescription, group.description);
  const tags = tagsKept(group.tags);
  return {
    back: {
      group_name,
      vpc_id,
      tags: tags.given,
      rules: [...inbound.again],
      description: described ? group.description : NO_DESCRIPTION,
    },
    lost: [
      line(
        'its id: what names it by that (launch templates, stacks, rules of peers) does not find the new one, which has two tags of ours, too',
      ),
      ...egressLost(rules.filter(({ is_egress }) => is_egress)).map(line),
      ...(described ? [] : [line('its description: no call takes it')]),
      ...tags.lost.map(line),
      ...inbound.lost,
      // What DescribeSecurityGroups tells is all that is read.
      line('whatever else AWS keeps of it: other VPCs that it is associated with, accounts that it is shared with'),
    ],
  };
}

/** Made again, and its inbound rules added to what was made. */
export function groupAgain({ rules, tags, ...group }: GroupBack, old: string): readonly KitCall[] {
  if (!isGiven(GroupName, group.group_name)) return [];
  const tagged = Object.keys(tags).length > 0 ? { tags } : {};
  return [{ tool: 'ec2_create_security_group', arguments: { ...group, ...tagged } }, ...addToMade(1, old, rules)];
}

/** A group that is new lets out everything, and no tool takes that away or adds to it. */
function egressLost(rules: readonly SecurityGroupRule[]): readonly string[] {
  const isDefault = ({ form, tags }: SecurityGroupRule) =>
    form.ip_protocol === '-1' &&
    form.cidr_ip === '0.0.0.0/0' &&
    form.description === undefined &&
    Object.keys(tags).length === 0;
  const others = rules.filter((rule) => !isDefault(rule));
  return [
    ...(others.length < rules.length ? [] : ['that it does not let out everything: the new one does (0.0.0.0/0)']),
    ...others.map(
      ({ form }) => `its outbound rule for ${trafficText(form)} to ${sourceText(form)}, with what describes it`,
    ),
  ];
}

function isGiven(schema: z.ZodType<string>, text: string): boolean {
  return !isMasked(text) && schema.safeParse(text).success;
}
