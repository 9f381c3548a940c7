import { z } from 'zod';
import { defineChangeTool } from '../define.ts';
import { AllocationId, Reason, Region } from '../fields.ts';
import type { Address } from '../ports/ec2-network.ts';
import { inUse } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { theOne } from './asking.ts';
import { calledBy, ec2Arn, ec2Target, stackNote, typeOf } from './network/target.ts';
import { observeGone } from './observe-gone.ts';
import { onThings } from './permits.ts';

export default defineChangeTool({
  name: 'ec2_release_address',
  title: 'Release an Elastic IP address',
  description:
    'Give back an Elastic IP address that nothing uses; it may never be had again. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:ReleaseAddress',
  reads: ['ec2:DescribeAddresses'],
  effects: ['delete'],
  refusals: { not_found: 'there is no such address', in_use: 'it is associated with something' },
  input: z.strictObject({ allocation_id: AllocationId, region: Region.optional(), reason: Reason }),
  log: { allocation_id: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ allocation_id: z.string() }),

  async plan({ allocation_id }, readers) {
    const address = theOne(await readers.ec2.addressesById([allocation_id]), allocation_id);
    refuseAssociated(address);
    const { public_ip, tags } = address;
    return {
      summary: `release the address ${public_ip} (${calledBy(allocation_id, tags.Name)})`,
      targets: [ec2Target(allocation_id, tags, readers.caller)],
      impact: [
        {
          resource: ec2Arn(allocation_id, readers.caller),
          type: typeOf(allocation_id),
          effect: 'delete',
          detail: `${public_ip}: given back to AWS, which may give it to any other account from then on; DNS records and allow-lists that name it will lead to whoever gets it next; until then a person can try to have it allocated again (AllocateAddress), with another id and without its tags${stackNote(tags)}`,
          recoverable: false,
        },
      ],
      guard: { allocation_id, public_ip, association_id: null, tags: { ...tags } },
    };
  },

  permits: (plan) => onThings('ec2:ReleaseAddress', [plan.arguments.allocation_id], placeOf(plan)),

  async execute({ arguments: { allocation_id } }, { ec2 }) {
    await ec2.releaseAddress(allocation_id);
  },

  async observe({ arguments: { allocation_id } }, { ec2, caller }) {
    const [found] = await ec2.addresses([{ name: 'allocation-id', values: [allocation_id] }]);
    return observeGone(ec2Arn(allocation_id, caller), found && {}, { verb: 'released' });
  },
});

/**
 * In a default VPC AWS disassociates the address and releases it, and the instance has lost it before anyone sees an
 * error. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html
 */
function refuseAssociated({ allocation_id, public_ip, ...address }: Address): void {
  const user = address.instance_id ?? address.network_interface_id ?? address.association_id;
  if (user === undefined) return;
  throw inUse(
    `${public_ip} (${allocation_id}) is associated with ${user}`,
    'a person disassociates it outside these tools, if it is really to go; then ask again',
  );
}
