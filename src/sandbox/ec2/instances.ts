/** The life of an instance: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html */

import { randomInt } from 'node:crypto';
import type { InstanceStateName } from '@aws-sdk/client-ec2';
import type { Cloud, Region } from '../cloud.ts';
import { ec2Id } from '../ids.ts';
import { isObject, type Json, type JsonObject } from '../template/json.ts';
import { ApiFailure } from '../wire/failure.ts';
import { spotRequest } from './instance-spot.ts';
import { type Instance, type SpotRequest, tagMap } from './model.ts';
import { defaultGroupId, defaultSubnetId } from './network.ts';
import { instancesIn } from './state.ts';
import { attachNewVolume, type NewDisk, releaseVolumes } from './volumes.ts';

/** "A terminated instance remains visible for a short while (usually about one hour)", same page. */
const TERMINATED_VISIBLE_MS = 3600_000;

export interface LaunchRequest {
  readonly imageId: string;
  readonly type: string;
  readonly reservationId: string;
  readonly tags: readonly { Key?: string | undefined; Value?: string | undefined }[];
  readonly clientToken?: string | undefined;
  readonly keyName?: string | undefined;
  readonly subnetId?: string | undefined;
  readonly zone?: string | undefined;
  readonly securityGroupIds?: readonly string[] | undefined;
  readonly disableApiTermination?: boolean | undefined;
  readonly disableApiStop?: boolean | undefined;
  readonly rootDevice?: Instance['rootDevice'] | undefined;
  readonly hibernation?: boolean | undefined;
  readonly spot?: SpotRequest['type'] | undefined;
  readonly profileArn?: string | undefined;
  readonly isPublic?: boolean | undefined;
  readonly impaired?: boolean | undefined;
  readonly events?: Instance['events'] | undefined;
  readonly console?: string | undefined;
  readonly userData?: string | undefined;
  readonly httpTokens?: Instance['httpTokens'] | undefined;
  readonly devices?: readonly NewDisk[];
}

/** Takes an instance to `to`, at once through `via`, unless something else happens to it meanwhile. */
function transition(
  cloud: Cloud,
  instance: Instance,
  via: InstanceStateName,
  to: InstanceStateName,
  done?: () => void,
): void {
  instance.state = via;
  const stamp = new Date(cloud.time()).toISOString().slice(0, 19).replace('T', ' ');
  instance.transitionReason = via === 'pending' ? '' : `User initiated (${stamp} GMT)`;
  const reason = instance.transitionReason;
  cloud.after(cloud.latencyMs, () => {
    if (instance.state !== via || instance.transitionReason !== reason) return;
    instance.state = to;
    done?.();
  });
}

/** From the block that RFC 5737 keeps for examples, so that it is nobody's. */
function publicAddress(): string {
  return `192.0.2.${randomInt(1, 255)}`;
}

export function launch(cloud: Cloud, region: Region, request: LaunchRequest): Instance {
  const count = instancesIn(region).size;
  const instance: Instance = {
    id: ec2Id('i'),
    reservationId: request.reservationId,
    imageId: request.imageId,
    clientToken: request.clientToken,
    launchedAt: new Date(cloud.time()),
    privateIp: `172.31.${(count >> 8) & 255}.${count & 255}`,
    subnetId: request.subnetId ?? defaultSubnetId(region.name, request.zone ?? `${region.name}a`),
    zone: request.zone ?? `${region.name}a`,
    keyName: request.keyName,
    userData: request.userData,
    httpTokens: request.httpTokens ?? 'optional',
    tags: tagMap(request.tags),
    attachments: [],
    rootDevice: request.rootDevice ?? 'ebs',
    hibernation: request.hibernation ?? false,
    profileArn: request.profileArn,
    spot: request.spot && spotRequest(request.spot),
    events: request.events ?? [],
    impaired: request.impaired ?? false,
    console: request.console,
    isPublic: request.isPublic ?? false,
    publicIp: request.isPublic ? publicAddress() : undefined,
    type: request.type,
    securityGroupIds: request.securityGroupIds ?? [defaultGroupId(region.name)],
    state: 'pending',
    transitionReason: '',
    terminatedAt: undefined,
    disableApiTermination: request.disableApiTermination ?? false,
    disableApiStop: request.disableApiStop ?? false,
  };
  instancesIn(region).set(instance.id, instance);
  const devices = request.devices ?? [];
  const root = devices.some(({ device }) => device === '/dev/xvda' || device === '/dev/sda1')
    ? []
    : [{ device: '/dev/xvda' }];
  // An instance-store root is no volume.
  const all = instance.rootDevice === 'ebs' ? [...root, ...devices] : devices;
  for (const device of all) attachNewVolume(cloud, region, instance, device);
  transition(cloud, instance, 'pending', 'running');
  return instance;
}

const number = (value: Json | undefined) => (value === undefined ? undefined : Number(value));
const flag = (value: Json | undefined) => value !== undefined && String(value) === 'true';
const word = (value: Json | undefined) => (typeof value === 'string' ? value : undefined);
const wordList = (value: Json | undefined) => (Array.isArray(value) ? value.map(String) : undefined);

/** Launches what an AWS::EC2::Instance describes. @returns the instance id */
export function launchForStack(
  cloud: Cloud,
  region: Region,
  properties: JsonObject,
  tags: LaunchRequest['tags'],
): string {
  const mappings = properties.BlockDeviceMappings;
  const devices = (Array.isArray(mappings) ? mappings : []).filter(isObject).map((mapping) => {
    const ebs = isObject(mapping.Ebs) ? mapping.Ebs : {};
    const keep = ebs.DeleteOnTermination !== undefined && !flag(ebs.DeleteOnTermination);
    return { device: String(mapping.DeviceName), size: number(ebs.VolumeSize), deleteOnTermination: !keep };
  });
  return launch(cloud, region, {
    imageId: String(properties.ImageId ?? ''),
    type: String(properties.InstanceType ?? 'm1.small'),
    reservationId: ec2Id('r'),
    tags,
    keyName: word(properties.KeyName),
    subnetId: word(properties.SubnetId),
    zone: word(properties.AvailabilityZone),
    securityGroupIds: wordList(properties.SecurityGroupIds),
    disableApiTermination: flag(properties.DisableApiTermination),
    devices,
  }).id;
}

/** What a stack update changes without replacing the instance. */
export function reconfigure(
  cloud: Cloud,
  region: Region,
  id: string,
  properties: JsonObject,
  tags: LaunchRequest['tags'],
): void {
  const instance = instancesIn(region).get(id);
  if (!instance) return;
  const type = String(properties.InstanceType ?? instance.type);
  // An EBS-backed instance is stopped and started for a new type.
  if (type !== instance.type && instance.state === 'running') transition(cloud, instance, 'pending', 'running');
  instance.type = type;
  instance.disableApiTermination = flag(properties.DisableApiTermination);
  instance.securityGroupIds = wordList(properties.SecurityGroupIds) ?? instance.securityGroupIds;
  instance.tags.clear();
  for (const [key, value] of tagMap(tags)) instance.tags.set(key, value);
}

function stateFailure(instance: Instance, verb: string): ApiFailure {
  return new ApiFailure(
    'IncorrectInstanceState',
    `The instance '${instance.id}' is not in a state from which it can be ${verb}.`,
  );
}

/** @throws ApiFailure IncorrectInstanceState */
export function checkStartable(instance: Instance): void {
  if (!['stopped', 'running', 'pending'].includes(instance.state)) throw stateFailure(instance, 'started');
}

export function start(cloud: Cloud, instance: Instance): void {
  if (instance.state !== 'stopped') return;
  // AWS gives the time of the last start as the launch time.
  instance.launchedAt = new Date(cloud.time());
  if (instance.isPublic) instance.publicIp = publicAddress();
  transition(cloud, instance, 'pending', 'running');
}

const unsupported = (message: string) => new ApiFailure('UnsupportedOperation', message);

/** @throws ApiFailure IncorrectInstanceState, OperationNotPermitted, UnsupportedOperation */
export function checkStoppable(instance: Instance, hibernate: boolean): void {
  if (instance.rootDevice === 'instance-store')
    throw unsupported(`The instance '${instance.id}' does not have an 'ebs' root device type and cannot be stopped.`);
  if (instance.spot?.type === 'one-time') {
    throw unsupported(
      `You can't stop the Spot Instance '${instance.id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
    );
  }
  if (hibernate && (!instance.hibernation || instance.spot))
    throw unsupported(`The instance '${instance.id}' is not configured for hibernation.`);
  if (!['stopped', 'running', 'stopping'].includes(instance.state)) throw stateFailure(instance, 'stopped');
  if (instance.disableApiStop && instance.state === 'running') {
    throw new ApiFailure(
      'OperationNotPermitted',
      `The instance '${instance.id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
    );
  }
}

export function stop(cloud: Cloud, instance: Instance): void {
  if (instance.state !== 'running') return;
  instance.publicIp = undefined;
  transition(cloud, instance, 'stopping', 'stopped');
}

/** @throws ApiFailure IncorrectInstanceState */
export function checkRebootable(instance: Instance): void {
  if (instance.state !== 'running' && instance.state !== 'pending') throw stateFailure(instance, 'rebooted');
}

export function terminate(cloud: Cloud, region: Region, instance: Instance): void {
  if (instance.state === 'terminated' || instance.state === 'shutting-down') return;
  instance.publicIp = undefined;
  transition(cloud, instance, 'shutting-down', 'terminated', () => {
    instance.terminatedAt = new Date(cloud.time());
    releaseVolumes(region, instance);
    cloud.after(TERMINATED_VISIBLE_MS, () => instancesIn(region).delete(instance.id));
  });
}
