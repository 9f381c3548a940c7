import { afterEach, describe, expect, test } from 'vitest';
import type { Ec2Reader } from '../../tools/ports/ec2.ts';
import { type Endpoint, ec2ErrorXml, http, identity, startEndpoint } from '../scenes/endpoints.ts';
import { testAws } from '../scenes/tools.ts';

let server: Endpoint | undefined;
afterEach(async () => await server?.close());

async function refusing(code: string, message: string): Promise<Ec2Reader> {
  server = await startEndpoint((action) =>
    action === 'GetCallerIdentity' ? identity() : http(400, ec2ErrorXml(code, message)),
  );
  return (await testAws(server.endpoint).readers()).ec2;
}

type Ask = (ec2: Ec2Reader, id: string) => Promise<unknown>;

/** How each kind is asked for, EC2's code for an id that it doesn't know, and another that it has for such ids. */
const KINDS: readonly [what: string, id: string, ask: Ask, missing: string, other: string][] = [
  ['instance', 'i', (ec2, id) => ec2.instancesById([id]), 'InvalidInstanceID.NotFound', 'InvalidInstanceID.Malformed'],
  ['instance', 'i', (ec2, id) => ec2.statusesById([id]), 'InvalidInstanceID.NotFound', 'InvalidInstanceID.Malformed'],
  ['instance', 'i', (ec2, id) => ec2.consoleOutput(id, false), 'InvalidInstanceID.NotFound', 'InvalidInstanceID'],
  ['volume', 'vol', (ec2, id) => ec2.volumesById([id]), 'InvalidVolume.NotFound', 'InvalidVolume.ZoneMismatch'],
  ['snapshot', 'snap', (ec2, id) => ec2.snapshotsById([id]), 'InvalidSnapshot.NotFound', 'InvalidSnapshot.InUse'],
  ['image', 'ami', (ec2, id) => ec2.imagesById([id]), 'InvalidAMIID.NotFound', 'InvalidAMIID.Malformed'],
  ['image', 'ami', (ec2, id) => ec2.launchImage(id), 'InvalidAMIID.Unavailable', 'InvalidAMIID.Malformed'],
  ['security group', 'sg', (ec2, id) => ec2.securityGroupsById([id]), 'InvalidGroup.NotFound', 'InvalidGroup.InUse'],
  ['security group', 'sg', (ec2, id) => ec2.launchGroups([id]), 'InvalidGroup.NotFound', 'InvalidGroupId.Malformed'],
  ['VPC', 'vpc', (ec2, id) => ec2.vpcsById([id]), 'InvalidVpcID.NotFound', 'InvalidVpcState'],
  ['subnet', 'subnet', (ec2, id) => ec2.subnetsById([id]), 'InvalidSubnetID.NotFound', 'InvalidSubnet.Conflict'],
  ['subnet', 'subnet', (ec2, id) => ec2.launchSubnet(id), 'InvalidSubnetID.NotFound', 'InvalidSubnetId.Malformed'],
  [
    'address',
    'eipalloc',
    (ec2, id) => ec2.addressesById([id]),
    'InvalidAllocationID.NotFound',
    'InvalidAddress.Locked',
  ],
  [
    'network interface',
    'eni',
    (ec2, id) => ec2.tagged([id]),
    'InvalidNetworkInterfaceID.NotFound',
    'InvalidNetworkInterface.InUse',
  ],
];

describe.each(KINDS)('%s (%s-): what EC2 says of its id', (what, prefix, ask, missing, other) => {
  const id = `${prefix}-0123456789abcdef0`;

  test('that it does not know it is "not found"', async () => {
    const ec2 = await refusing(missing, `The ID '${id}' does not exist`);
    await expect(ask(ec2, id)).rejects.toMatchObject({ code: 'not_found', message: `there is no ${what} ${id} here` });
  });

  test('any other complaint is not taken for "not found"', async () => {
    const ec2 = await refusing(other, `The ID '${id}' is not as it must be`);
    await expect(ask(ec2, id)).rejects.toMatchObject({ code: 'aws_rejected', awsCode: other });
  });
});

test.each(['InvalidLaunchTemplateId.NotFound', 'InvalidLaunchTemplateId.VersionNotFound'])(
  'a launch template or its version that EC2 does not know is "not found": %s',
  async (code) => {
    const ec2 = await refusing(code, 'no such thing');
    const asked = ec2.launchTemplate('lt-0123456789abcdef0', '3');
    const message = 'there is no launch template lt-0123456789abcdef0 version 3 here';
    await expect(asked).rejects.toMatchObject({ code: 'not_found', message });
  },
);

test('the id that is not there is named, not one that it begins with', async () => {
  const [old, long] = ['vol-01234567', 'vol-0123456789abcdef0'];
  const ec2 = await refusing('InvalidVolume.NotFound', `The volume '${long}' does not exist.`);
  await expect(ec2.volumesById([old, long])).rejects.toMatchObject({ message: `there is no volume ${long} here` });
});
