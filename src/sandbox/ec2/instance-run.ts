import type { Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { Cloud, Region } from '../cloud.ts';
import { ec2Id } from '../ids.ts';
import { ApiFailure } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import { madeBefore } from './client-token.ts';
import { reservations } from './describe.ts';
import { knownImage } from './images.ts';
import { type LaunchRequest, launch } from './instances.ts';
import { templateData } from './launch-templates.ts';
import { stopAtDryRun } from './lookup.ts';
import { tagsFor } from './manage.ts';
import { clientTokensIn, instancesIn } from './state.ts';

/** The request, and from its launch template what it doesn't say itself. */
function wholeRequest(region: Region, input: RunInstancesRequest): RunInstancesRequest {
  const said = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  return { ...templateData(region, input.LaunchTemplate), ...said } as RunInstancesRequest;
}

/** @throws ApiFailure MissingParameter, InvalidParameterValue, InvalidParameterCombination */
function checkRequest({ ImageId, MinCount = 1, MaxCount = 1, ...request }: RunInstancesRequest): void {
  if (!ImageId) throw new ApiFailure('MissingParameter', 'The request must contain the parameter ImageId');
  if (MinCount < 1 || MaxCount < MinCount) {
    throw new ApiFailure('InvalidParameterValue', `Value (${MinCount}) for parameter minCount is invalid.`);
  }
  if (request.NetworkInterfaces && (request.SubnetId || request.SecurityGroupIds)) {
    throw new ApiFailure(
      'InvalidParameterCombination',
      'Network interfaces and an instance-level subnet ID may not be specified on the same request',
    );
  }
}

/** Those of the image, except where the request says otherwise; and those that only the request has. */
function disksOf(region: Region, { ImageId = '', BlockDeviceMappings: said = [], ...request }: RunInstancesRequest) {
  const image = knownImage(region, ImageId);
  const tags = tagsFor(request.TagSpecifications, 'volume');
  const own = (image?.devices ?? []).filter(({ device }) => !said.some(({ DeviceName }) => DeviceName === device));
  const asked = said.filter(({ NoDevice }) => NoDevice === undefined);
  return [
    ...own.map((disk) => ({ ...disk, tags })),
    ...asked.map(({ DeviceName = '', Ebs }) => ({
      device: DeviceName,
      size: Ebs?.VolumeSize ?? image?.devices.find(({ device }) => device === DeviceName)?.size,
      type: Ebs?.VolumeType,
      iops: Ebs?.Iops,
      throughput: Ebs?.Throughput,
      encrypted: Ebs?.Encrypted,
      deleteOnTermination: Ebs?.DeleteOnTermination,
      tags,
    })),
  ];
}

function launchOf(
  cloud: Cloud,
  region: Region,
  input: RunInstancesRequest,
): Omit<LaunchRequest, 'reservationId' | 'clientToken'> {
  const network = input.NetworkInterfaces?.[0];
  const { Arn, Name } = input.IamInstanceProfile ?? {};
  const { MarketType, SpotOptions } = input.InstanceMarketOptions ?? {};
  return {
    imageId: input.ImageId ?? '',
    type: input.InstanceType ?? 'm1.small',
    tags: tagsFor(input.TagSpecifications, 'instance'),
    keyName: input.KeyName,
    subnetId: network?.SubnetId ?? input.SubnetId,
    zone: input.Placement?.AvailabilityZone,
    securityGroupIds: network?.Groups ?? input.SecurityGroupIds,
    isPublic: network?.AssociatePublicIpAddress,
    disableApiTermination: input.DisableApiTermination,
    disableApiStop: input.DisableApiStop,
    hibernation: input.HibernationOptions?.Configured,
    profileArn: Arn ?? (Name && `arn:aws:iam::${cloud.accountId}:instance-profile/${Name}`),
    spot: MarketType === 'spot' ? (SpotOptions?.SpotInstanceType ?? 'one-time') : undefined,
    userData: input.UserData,
    httpTokens: input.MetadataOptions?.HttpTokens,
    devices: disksOf(region, input),
  };
}

/** Instances are made once per client token. */
export function runInstances(input: RunInstancesRequest, { cloud, region }: Context): Reservation {
  const whole = wholeRequest(region, input);
  checkRequest(whole);
  const { MaxCount = 1, ClientToken } = input;
  const { request, before } = madeBefore(clientTokensIn(region), input);
  stopAtDryRun(input);
  const reservationId = before?.reservationId ?? ec2Id('r');
  const made = before
    ? [...instancesIn(region).values()].filter((instance) => instance.reservationId === reservationId)
    : Array.from({ length: MaxCount }, () =>
        launch(cloud, region, { ...launchOf(cloud, region, whole), reservationId, clientToken: ClientToken }),
      );
  if (ClientToken !== undefined) clientTokensIn(region).set(ClientToken, { request, reservationId });
  return (
    reservations(cloud, region, made)[0] ?? { ReservationId: reservationId, OwnerId: cloud.accountId, Instances: [] }
  );
}
