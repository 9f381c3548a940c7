import type { Readers } from '../../define.ts';
import type { Instance } from '../../ports/ec2-instances.ts';
import type { NetworkInterface } from '../../ports/ec2-network.ts';
import { calledBy, counted, quoted } from './target.ts';

/** What is behind security groups: their network interfaces, and the instances that these belong to. */
export interface Users {
  readonly interfaces: readonly NetworkInterface[];
  readonly instances: ReadonlyMap<string, Instance>;
}

/** EC2 takes at most 200 values in a filter. */
const AT_ONCE = 200;

export async function usersOf(groupIds: readonly string[], { ec2 }: Readers): Promise<Users> {
  const interfaces = await ec2.networkInterfacesOf(groupIds);
  const ids = [...new Set(interfaces.flatMap(({ instance_id }) => instance_id ?? []))].sort();
  const instances = new Map<string, Instance>();
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    // A filter, unlike a list of ids, doesn't fail for an instance that went between the two requests.
    const filters = [{ name: 'instance-id', values: ids.slice(at, at + AT_ONCE) }];
    for (const instance of await ec2.everyInstance(filters)) instances.set(instance.instance_id, instance);
  }
  return { interfaces, instances };
}

export function interfacesIn(groupId: string, { interfaces }: Users): readonly NetworkInterface[] {
  return interfaces.filter(({ security_group_ids }) => security_group_ids.includes(groupId));
}

/** `2 instances (i-… "web", i-…), 1 load balancer ("app/web/0a1b")`; undefined when nothing uses the group. */
export function usersText(interfaces: readonly NetworkInterface[], { instances }: Users): string | undefined {
  const named = new Map<string, Set<string>>(ORDER.map((noun) => [noun, new Set()]));
  for (const eni of interfaces) {
    const noun = nounOf(eni);
    named.get(noun)?.add(nameOf(noun, eni, instances));
  }
  const parts = [...named].flatMap(([noun, names]) => (names.size > 0 ? [counted(noun, [...names].sort())] : []));
  return parts.length > 0 ? parts.join(', ') : undefined;
}

const ORDER = ['instance', 'load balancer', 'database', 'network interface'] as const;

/**
 * Says what an interface belongs to. Anyone who makes an interface can write its description: it counts only where AWS
 * itself made the interface. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
 */
function nounOf(eni: NetworkInterface): (typeof ORDER)[number] {
  if (eni.instance_id !== undefined) return 'instance';
  if (!eni.requester_managed) return 'network interface';
  if (eni.requester_id === 'amazon-elb' || /^ELB /.test(eni.description)) return 'load balancer';
  return eni.requester_id === 'amazon-rds' || /^RDS/.test(eni.description) ? 'database' : 'network interface';
}

function nameOf(noun: string, eni: NetworkInterface, instances: Users['instances']): string {
  const { instance_id, network_interface_id, description } = eni;
  if (instance_id !== undefined) return calledBy(instance_id, instances.get(instance_id)?.tags.Name);
  // A load balancer has an interface in each zone, all described alike.
  if (noun === 'load balancer') return quoted(description.replace(/^ELB /, ''));
  return calledBy(network_interface_id, description);
}
