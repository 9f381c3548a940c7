import type { Observation, Readers, ResourceOutcome } from '../../define.ts';
import type { SecurityGroupRule } from '../../ports/ec2-network.ts';

/**
 * Whether rules came, or went. EC2 keeps no record of who changed a rule; the guard had it otherwise right before the
 * request.
 * @param done per rule asked about: what it is called, and whether the rules as they are now show it done
 */
export async function observeRules(
  groupId: string,
  { ec2 }: Readers,
  verb: string,
  done: (rules: readonly SecurityGroupRule[]) => readonly { readonly rule: string; readonly done: boolean }[],
): Promise<Observation> {
  const group = await ec2.securityGroups({ filters: [{ name: 'group-id', values: [groupId] }], limit: 5 });
  if (group.items.length === 0) {
    const detail = `the group ${groupId} is no longer there, and with it what would show whether the request arrived`;
    return { state: 'unknown', evidence: 'state', detail, resources: [] };
  }
  const seen = done((await ec2.securityGroupRules([groupId])).filter(({ is_egress }) => !is_egress));
  const resources = seen.map(
    (one): ResourceOutcome => ({
      resource: one.rule,
      outcome: one.done ? 'succeeded' : 'unknown',
      detail: one.done ? `${verb} since the plan was checked` : `not ${verb}`,
    }),
  );
  const count = seen.filter((one) => one.done).length;
  if (count === seen.length)
    return { state: 'succeeded', evidence: 'state', detail: `${verb}: ${count} of ${count} rules`, resources };
  const detail =
    count === 0
      ? `no trace that the request arrived: no rule is ${verb}`
      : `${verb}: ${count} of ${seen.length} rules; the others show no trace of the request`;
  return { state: 'unknown', evidence: 'state', detail, resources };
}
