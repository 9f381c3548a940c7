import type { Examined } from './guard.ts';

/*
 * What goes, stays or comes back when an instance does. Each is a part of a sentence that begins with "; ", or empty.
 */

/**
 * Data on instance stores survives a reboot, and nothing else.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-lifetime.html
 */
export function storeLoss({ instance, type }: Examined): string {
  if (instance.root_device_type === 'instance-store') return '; its root is on an instance store, which is lost';
  if (!type) return '; whatever is on an instance store is lost';
  return type.instance_store_gb === 0
    ? ''
    : `; what is on its instance store (${type.instance_store_gb} GB) is lost, and in no snapshot`;
}

/** An Elastic IP stays with a stopped instance, any other public address goes. */
export function addressLoss({ instance, elastic_ips }: Examined): string {
  const own = instance.public_ip_address;
  const lost = own === undefined || elastic_ips.some(({ public_ip }) => public_ip === own) ? undefined : own;
  const kept = elastic_ips.map(({ public_ip }) => public_ip);
  return [
    ...(lost === undefined ? [] : [`; its public address ${lost} is lost, the next start brings another`]),
    ...(kept.length === 0 ? [] : [`; Elastic IP ${kept.join(', ')} stays with it`]),
  ].join('');
}

/**
 * What EC2's API doesn't tell: targets are registered with Elastic Load Balancing, which no tool here reads. Said, so
 * that nobody takes silence for "none".
 */
export const LOAD_BALANCERS = '; whether a load balancer sends it traffic was not looked at';
