import {
  DescribeImagesCommand,
  type DescribeImagesCommandInput,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSubnetsCommand,
  type DescribeSubnetsCommandInput,
  type EC2Client,
  type Image,
  type IpPermission,
  type ResponseLaunchTemplateData,
  type SecurityGroup,
  type Subnet,
} from '@aws-sdk/client-ec2';
import { hideCredentials } from '../../../tools/ports/credentials.ts';
import type {
  LaunchGroup,
  LaunchImage,
  LaunchReader,
  LaunchSubnet,
  LaunchTemplate,
} from '../../../tools/ports/ec2-launch.ts';
import { digestOf } from '../../kernel/digest.ts';
import { called } from '../request/call.ts';
import { awsCodeOf, notAws } from '../request/errors.ts';
import { listed } from '../request/listed.ts';
import { tagsOf } from '../tags.ts';
import { KINDS } from './kinds.ts';
import { byId, filtersOf, notFound, oneById } from './reading.ts';
import { groupPage } from './security-groups.ts';

export function launchReader(client: EC2Client): LaunchReader {
  const imagePage = async (input: DescribeImagesCommandInput) => {
    const { Images } = await called(client.send(new DescribeImagesCommand(input)), 'DescribeImages');
    return listed('DescribeImages', Images, undefined, imageOf);
  };
  const subnetPage = async (input: DescribeSubnetsCommandInput) => {
    const { Subnets } = await called(client.send(new DescribeSubnetsCommand(input)), 'DescribeSubnets');
    return listed('DescribeSubnets', Subnets, undefined, subnetOf);
  };
  return {
    launchImage: (id) => oneById(KINDS.ami, id, 'image_id', (ImageIds) => imagePage({ ImageIds })),

    launchSubnet: (id) => oneById(KINDS.subnet, id, 'subnet_id', (SubnetIds) => subnetPage({ SubnetIds })),

    launchGroups: (ids) => byId(KINDS.sg, ids, 'group_id', (GroupIds) => groupPage(client, { GroupIds }, groupOf)),

    async defaultGroup(vpc) {
      const filters = [
        { name: 'vpc-id', values: [vpc] },
        { name: 'group-name', values: ['default'] },
      ];
      const [group] = (await groupPage(client, { Filters: filtersOf(filters) }, groupOf)).items;
      if (!group) throw notFound({ ...KINDS.sg, noun: 'default security group of' }, vpc);
      return group;
    },

    async launchTemplate(id, version) {
      const operation = 'DescribeLaunchTemplateVersions';
      const wanted = `${id} version ${version}`;
      const { data } = await oneById(KINDS.lt, wanted, 'named', async () => {
        // An image that is given by the name of a parameter is looked up, so that the plan is about that image.
        const input = { LaunchTemplateId: id, Versions: [version], ResolveAlias: true };
        const sent = client.send(new DescribeLaunchTemplateVersionsCommand(input));
        const { LaunchTemplateVersions } = await called(sent, operation);
        return listed(operation, LaunchTemplateVersions, undefined, ({ VersionNumber, LaunchTemplateData }) => ({
          named: `${id} version ${VersionNumber}`,
          data: LaunchTemplateData,
        }));
      });
      if (!data) throw notFound(KINDS.lt, wanted);
      return templateOf(data);
    },

    async launchTemplateNow(idOrName, version) {
      const operation = 'DescribeLaunchTemplateVersions';
      const isId = /^lt-[0-9a-f]+$/.test(idOrName);
      const named = isId ? { LaunchTemplateId: idOrName } : { LaunchTemplateName: idOrName };
      const input = { ...named, Versions: [version], ResolveAlias: true };
      const sent = client.send(new DescribeLaunchTemplateVersionsCommand(input));
      const answer = await called(sent, operation).catch((error: unknown) => {
        if (/^InvalidLaunchTemplate(Id|Name)\./.test(awsCodeOf(error) ?? '')) return undefined;
        throw error;
      });
      if (!answer) return undefined;
      const { items } = listed(operation, answer.LaunchTemplateVersions, undefined, (one) => one);
      const [found] = items.filter((one) => idOrName === (isId ? one.LaunchTemplateId : one.LaunchTemplateName));
      const { LaunchTemplateId, VersionNumber, LaunchTemplateData: data } = found ?? {};
      if (!LaunchTemplateId || !VersionNumber || !data) return undefined;
      const sha256 = digestOf('holdshort/guard/v1', JSON.stringify(data));
      return { launch_template_id: LaunchTemplateId, version: VersionNumber, template: templateOf(data), sha256 };
    },
  };
}

function imageOf(image: Image): LaunchImage {
  return {
    image_id: image.ImageId ?? '',
    state: image.State ?? 'unknown',
    ...(image.Name ? { name: hideCredentials(image.Name) } : {}),
    ...(image.OwnerId ? { owner: image.OwnerId } : {}),
    public: image.Public ?? false,
    ...(image.Architecture ? { architecture: image.Architecture } : {}),
    ...(image.VirtualizationType ? { virtualization_type: image.VirtualizationType } : {}),
    ...(image.EnaSupport === undefined ? {} : { ena: image.EnaSupport }),
    devices: (image.BlockDeviceMappings ?? []).flatMap(({ DeviceName, Ebs }) =>
      DeviceName && Ebs ? [DeviceName] : [],
    ),
  };
}

function subnetOf(subnet: Subnet): LaunchSubnet {
  return {
    subnet_id: subnet.SubnetId ?? '',
    vpc_id: subnet.VpcId ?? '',
    ...(subnet.AvailabilityZone ? { availability_zone: subnet.AvailabilityZone } : {}),
    state: subnet.State ?? 'unknown',
    public_ipv4: subnet.MapPublicIpOnLaunch ?? false,
    ipv6: subnet.AssignIpv6AddressOnCreation ?? false,
    tags: tagsOf(subnet.Tags),
  };
}

function groupOf(group: SecurityGroup): LaunchGroup {
  if (!group.GroupId) throw notAws('DescribeSecurityGroups', 200, 'a group without id');
  const rules = (group.IpPermissions ?? []).flatMap((rule) => peersOf(rule).map((peer) => `${portsOf(rule)} ${peer}`));
  const outside = (group.IpPermissions ?? [])
    .flatMap((rule) => peersOf(rule))
    .filter((peer) => !peer.startsWith('sg-'));
  return {
    group_id: group.GroupId,
    group_name: group.GroupName ?? '',
    vpc_id: group.VpcId ?? '',
    ingress: [...rules].sort(),
    peers: [...new Set(outside)].sort(),
    tags: tagsOf(group.Tags),
  };
}

function peersOf({ IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs }: IpPermission): readonly string[] {
  return [
    ...(IpRanges ?? []).map(({ CidrIp }) => CidrIp),
    ...(Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
    ...(PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId),
    ...(UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId),
  ].filter((peer) => peer !== undefined);
}

function portsOf({ IpProtocol = '-1', FromPort, ToPort }: IpPermission): string {
  return IpProtocol === '-1' ? 'all traffic' : `${IpProtocol} ${FromPort ?? 'all'}-${ToPort ?? 'all'}`;
}

function templateOf(data: ResponseLaunchTemplateData): LaunchTemplate {
  const image = data.ImageId ?? '';
  return {
    ...(image.startsWith('ami-') ? { image_id: image } : {}),
    ...(data.InstanceType ? { instance_type: data.InstanceType } : {}),
    security_group_ids: data.SecurityGroupIds ?? [],
    interfaces: (data.NetworkInterfaces ?? []).map((one) => ({
      ...(one.NetworkInterfaceId ? { network_interface_id: one.NetworkInterfaceId } : {}),
      ...(one.SubnetId ? { subnet_id: one.SubnetId } : {}),
      security_group_ids: one.Groups ?? [],
      ...(one.AssociatePublicIpAddress === undefined ? {} : { public_ipv4: one.AssociatePublicIpAddress }),
      ipv6: (one.Ipv6AddressCount ?? 0) > 0 || (one.Ipv6Addresses ?? []).length > 0 || (one.Ipv6PrefixCount ?? 0) > 0,
    })),
    ...(data.IamInstanceProfile
      ? { iam_instance_profile: data.IamInstanceProfile.Arn ?? data.IamInstanceProfile.Name ?? 'unknown' }
      : {}),
    has_user_data: (data.UserData ?? '') !== '',
    spot: data.InstanceMarketOptions?.MarketType === 'spot',
    security_group_names: data.SecurityGroups ?? [],
  };
}
