/** Instances and volumes as resources of a stack. */
import { ResourceFailure, type ResourceHandler } from '../cloudformation/resource.ts';
import type { JsonObject } from '../template/json.ts';
import { launchForStack, reconfigure, terminate } from './instances.ts';
import { instancesIn } from './state.ts';
import { createVolume, removeVolume, resizeVolume } from './volumes.ts';

export const instanceResource: ResourceHandler = {
  create: ({ cloud, region }, { properties, tags }) => ({
    physicalId: launchForStack(cloud, region, properties, tags),
  }),
  update({ cloud, region }, physicalId, { properties, tags }) {
    reconfigure(cloud, region, physicalId, properties, tags);
  },
  remove({ cloud, region }, { physicalId }) {
    const instance = instancesIn(region).get(physicalId);
    if (instance?.disableApiTermination) {
      throw new ResourceFailure(
        `The instance '${physicalId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
      );
    }
    if (instance) terminate(cloud, region, instance);
    return undefined;
  },
  attribute(region, physicalId, name) {
    const instance = instancesIn(region).get(physicalId);
    if (name === 'PrivateIp') return instance?.privateIp;
    return name === 'AvailabilityZone' ? instance?.zone : undefined;
  },
};

export const volumeResource: ResourceHandler = {
  create: ({ cloud, region }, { properties, tags }) => ({
    physicalId: createVolume(cloud, region, volumeRequest(properties), tags).id,
  }),
  update({ region }, physicalId, { properties, tags }) {
    resizeVolume(region, physicalId, volumeRequest(properties), tags);
  },
  remove({ cloud, region }, { physicalId }) {
    removeVolume(cloud, region, physicalId);
    return undefined;
  },
};

function volumeRequest(properties: JsonObject): { size: number; zone: string; type: string } {
  return {
    size: Number(properties.Size ?? 8),
    zone: String(properties.AvailabilityZone ?? ''),
    type: String(properties.VolumeType ?? 'gp2'),
  };
}
