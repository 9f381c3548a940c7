import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { Readers } from '../../define.ts';
import type { InstanceTypeFacts } from '../../ports/ec2-instances.ts';
import type {
  LaunchDisk,
  LaunchGroup,
  LaunchImage,
  LaunchInterface,
  LaunchSubnet,
  LaunchTemplate,
} from '../../ports/ec2-launch.ts';
import { notFound, wrongState } from '../../refusing.ts';
import { misfitOf } from './type-fit.ts';

/** What a call asks for; where it doesn't say, its launch template may. */
export interface LaunchArguments {
  readonly image_id?: string | undefined;
  readonly instance_type?: string | undefined;
  readonly subnet_id?: string | undefined;
  readonly security_group_ids?: readonly string[] | undefined;
  readonly associate_public_ip_address?: boolean | undefined;
  readonly iam_instance_profile?: string | undefined;
  readonly launch_template_id?: string | undefined;
  readonly launch_template_version?: number | undefined;
  readonly block_devices?: readonly LaunchDisk[] | undefined;
}

/** A network interface of each new instance, and who can reach it. */
export interface NewInterface {
  readonly subnet: LaunchSubnet;
  readonly groups: readonly LaunchGroup[];
  /** It gets an address that the internet can send to. */
  readonly is_public: boolean;
}

/** A launch with everything that AWS would put together for it. */
export interface Launch {
  readonly image: LaunchImage;
  readonly type: InstanceTypeFacts;
  readonly interfaces: readonly NewInterface[];
  readonly profile?: string;
  readonly template?: LaunchTemplate;
  /** The groups whose rules name one that is joined, by that one. */
  readonly named_by: ReadonlyMap<string, readonly string[]>;
  /** What the template brings and can't be looked at. */
  readonly unclear: readonly string[];
  /** What is not as the image, or the template, has it. */
  readonly disks: readonly LaunchDisk[];
}

const invalid = (message: string, recovery: string) => new HoldshortError('invalid_input', message, recovery);

/** @throws not_found, wrong_state, invalid_input */
export async function launchOf(asked: LaunchArguments, { ec2 }: Readers): Promise<Launch> {
  const { launch_template_id: id, launch_template_version: version } = asked;
  const template = id === undefined ? undefined : await ec2.launchTemplate(id, String(version));
  const imageId = asked.image_id ?? template?.image_id;
  if (imageId === undefined) throw invalid('there is no image to launch', 'give image_id');
  const typeName = asked.instance_type ?? template?.instance_type;
  if (typeName === undefined) throw invalid('there is no type to launch', 'give instance_type');
  const image = await ec2.launchImage(imageId);
  if (image.state !== 'available') {
    throw wrongState(`image ${imageId} is ${image.state}`, 'wait, or name another image');
  }
  const [type] = await ec2.instanceTypes([typeName]);
  if (!type) {
    const message = `there is no instance type ${typeName} in this region`;
    throw notFound(message, 'give a type that is offered here');
  }
  const misfit = misfitOf(type, image);
  if (misfit !== undefined)
    throw invalid(`${imageId} can't start on ${typeName}: ${misfit}`, 'choose another type or image');
  const wanted = interfacesOf(asked, template);
  const there = wanted.flatMap(({ network_interface_id: eni }) => eni ?? []);
  const interfaces: NewInterface[] = [];
  for (const one of wanted)
    if (one.network_interface_id === undefined) interfaces.push(await interfaceOf(one, asked, { ec2 }));
  const profile = asked.iam_instance_profile ?? template?.iam_instance_profile;
  const names = asked.security_group_ids === undefined ? (template?.security_group_names ?? []) : [];
  return {
    image,
    type,
    interfaces,
    ...(profile === undefined ? {} : { profile }),
    ...(template ? { template } : {}),
    named_by: await ec2.referencing(interfaces.flatMap(({ groups }) => groups.map(({ group_id }) => group_id))),
    disks: asked.block_devices ?? [],
    unclear: [
      ...there.map((eni) => `the network interface ${eni}, with its groups and addresses`),
      ...names.map((name) => `the security group named ${name}`),
    ],
  };
}

/** AWS takes interfaces either from the request or from the template, never a mixture. */
function interfacesOf(asked: LaunchArguments, template: LaunchTemplate | undefined): readonly LaunchInterface[] {
  const { subnet_id, security_group_ids, associate_public_ip_address: isPublic } = asked;
  if (template && template.interfaces.length > 0) {
    if (subnet_id !== undefined || security_group_ids !== undefined || isPublic !== undefined) {
      throw invalid(
        'the launch template has network interfaces of its own',
        'leave out subnet_id, security_group_ids and associate_public_ip_address',
      );
    }
    return template.interfaces;
  }
  const byTemplate = template && [...template.security_group_ids, ...template.security_group_names].length > 0;
  if (isPublic !== undefined && byTemplate) {
    throw invalid(
      'the launch template names security groups, and AWS takes none beside associate_public_ip_address',
      'leave associate_public_ip_address out',
    );
  }
  return [
    {
      ...(subnet_id === undefined ? {} : { subnet_id }),
      security_group_ids: security_group_ids ?? template?.security_group_ids ?? [],
      ...(isPublic === undefined ? {} : { public_ipv4: isPublic }),
      ipv6: false,
    },
  ];
}

async function interfaceOf(
  { subnet_id, security_group_ids, public_ipv4, ipv6 }: LaunchInterface,
  { launch_template_id }: LaunchArguments,
  { ec2 }: Pick<Readers, 'ec2'>,
): Promise<NewInterface> {
  // Left out, AWS picks a default subnet in any zone, and nobody could decide on where.
  if (subnet_id === undefined) {
    throw launch_template_id === undefined
      ? invalid('there is no subnet to launch in', 'give subnet_id')
      : invalid('the launch template names no subnet', 'give subnet_id, or a version that names one');
  }
  const subnet = await ec2.launchSubnet(subnet_id);
  if (subnet.state !== 'available') throw wrongState(`subnet ${subnet_id} is ${subnet.state}`, 'name another subnet');
  const groups =
    security_group_ids.length > 0
      ? await ec2.launchGroups([...security_group_ids].sort())
      : [await ec2.defaultGroup(subnet.vpc_id)];
  const foreign = groups.find(({ vpc_id }) => vpc_id !== subnet.vpc_id);
  if (foreign) {
    throw invalid(
      `${foreign.group_id} is of ${foreign.vpc_id}, but ${subnet_id} is of ${subnet.vpc_id}`,
      'name groups of the VPC of the subnet',
    );
  }
  return { subnet, groups, is_public: (public_ipv4 ?? subnet.public_ipv4) || subnet.ipv6 || ipv6 };
}
