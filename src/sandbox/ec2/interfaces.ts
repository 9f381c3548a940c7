import type { Region } from '../cloud.ts';
import type { Instance } from './model.ts';
import { primaryInterfaceId } from './network.ts';
import type { Network, NetworkInterface } from './network-model.ts';
import { instancesIn, networkIn } from './state.ts';

/** All interfaces, those that instances have included. An instance's goes with it. */
export function interfacesOf(region: Region): readonly NetworkInterface[] {
  const [network, instances] = [networkIn(region), instancesIn(region)];
  const { networkInterfaces } = network;
  for (const instance of instances.values()) {
    const id = primaryInterfaceId(instance.id);
    if (instance.state === 'terminated') networkInterfaces.delete(id);
    else if (!networkInterfaces.has(id)) networkInterfaces.set(id, primaryInterface(network, id, instance));
  }
  for (const { id, instanceId } of networkInterfaces.values())
    if (instanceId !== undefined && !instances.has(instanceId)) networkInterfaces.delete(id);
  for (const address of network.addresses.values())
    if (address.association && !networkInterfaces.has(address.association.interfaceId)) address.association = undefined;
  return [...networkInterfaces.values()];
}

function primaryInterface(network: Network, id: string, instance: Instance): NetworkInterface {
  const { subnetId, zone, privateIp } = instance;
  const vpcId = network.subnets.get(subnetId)?.vpcId ?? [...network.vpcs.keys()][0] ?? '';
  return {
    id,
    subnetId,
    vpcId,
    zone,
    privateIp,
    description: '',
    requesterId: undefined,
    instanceId: instance.id,
    get groupIds() {
      return instance.securityGroupIds;
    },
    tags: new Map(),
  };
}

/** The Elastic IP address that an instance is reached at. */
export function publicIpOf(region: Region, instanceId: string): string | undefined {
  const interfaceId = primaryInterfaceId(instanceId);
  const addresses = [...networkIn(region).addresses.values()];
  return addresses.find(({ association }) => association?.interfaceId === interfaceId)?.publicIp;
}
