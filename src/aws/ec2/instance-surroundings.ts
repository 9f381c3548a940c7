import {
  type Address,
  DescribeAddressesCommand,
  DescribeInstanceTypesCommand,
  DescribeSpotInstanceRequestsCommand,
  type EC2Client,
  type InstanceTypeInfo,
  type SpotInstanceRequest,
} from '@aws-sdk/client-ec2';
import type { ElasticIp, InstanceReader, InstanceTypeFacts, SpotRequest } from '../../../tools/ports/ec2-instances.ts';
import { every, nextToken } from '../../../tools/ports/pages.ts';
import { called } from '../request/call.ts';
import { notAws } from '../request/errors.ts';
import { listed } from '../request/listed.ts';

/** What surrounds instances and goes, stays or comes back with them. */
export function surroundingsReader(
  client: EC2Client,
): Pick<InstanceReader, 'instanceTypes' | 'elasticIpsOf' | 'spotRequests'> {
  return {
    async instanceTypes(types) {
      // A filter, unlike a list, doesn't fail for a type that isn't offered any more.
      const Filters = [{ Name: 'instance-type', Values: [...new Set(types)] }];
      return await every('DescribeInstanceTypes', async (cursor) => {
        const sent = client.send(new DescribeInstanceTypesCommand({ Filters, ...nextToken(cursor) }));
        const { InstanceTypes, NextToken } = await called(sent, 'DescribeInstanceTypes');
        return listed('DescribeInstanceTypes', InstanceTypes, NextToken, typeOf);
      });
    },

    async elasticIpsOf(ids) {
      const Filters = [{ Name: 'instance-id', Values: [...ids] }];
      const answer = await called(client.send(new DescribeAddressesCommand({ Filters })), 'DescribeAddresses');
      const { items } = listed('DescribeAddresses', answer.Addresses, undefined, addressOf);
      return [...items].sort((a, b) => a.public_ip.localeCompare(b.public_ip));
    },

    async spotRequests(ids) {
      // Without ids it would be all of the account.
      if (ids.length === 0) return [];
      const sent = client.send(new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [...ids] }));
      const { SpotInstanceRequests } = await called(sent, 'DescribeSpotInstanceRequests');
      return listed('DescribeSpotInstanceRequests', SpotInstanceRequests, undefined, spotRequestOf).items;
    },
  };
}

function addressOf({ AllocationId = '', PublicIp = '', InstanceId = '' }: Address): ElasticIp {
  return { allocation_id: AllocationId, public_ip: PublicIp, instance_id: InstanceId };
}

function spotRequestOf({ SpotInstanceRequestId = '', Type, State }: SpotInstanceRequest): SpotRequest {
  return { spot_request_id: SpotInstanceRequestId, type: Type ?? 'unknown', state: State ?? 'unknown' };
}

function typeOf(info: InstanceTypeInfo): InstanceTypeFacts {
  const { DefaultCores: cores, DefaultThreadsPerCore: threads_per_core } = info.VCpuInfo ?? {};
  if (!info.InstanceType) throw notAws('DescribeInstanceTypes', 200, 'a type without name');
  return {
    instance_type: info.InstanceType,
    architectures: info.ProcessorInfo?.SupportedArchitectures ?? [],
    virtualization_types: info.SupportedVirtualizationTypes ?? [],
    ...(info.Hypervisor ? { hypervisor: info.Hypervisor } : {}),
    ena_required: info.NetworkInfo?.EnaSupport === 'required',
    instance_store_gb: info.InstanceStorageSupported ? (info.InstanceStorageInfo?.TotalSizeInGB ?? 1) : 0,
    ...(cores !== undefined && threads_per_core !== undefined ? { default_cpu: { cores, threads_per_core } } : {}),
  };
}
