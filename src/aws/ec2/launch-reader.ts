import {
  DescribeImagesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSecurityGroupsCommand,
  type DescribeSecurityGroupsCommandInput,
  DescribeSubnetsCommand,
  type EC2Client,
  type IpPermission,
  type ResponseLaunchTemplateData,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import { hideCredentials } from '../../../tools/ports/credentials.ts';
import type { LaunchGroup, LaunchReader, LaunchTemplate } from '../../../tools/ports/ec2-launch.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { called } from '../request/call.ts';
import { awsCodeOf, notAws } from '../request/errors.ts';
import { tagsOf } from '../tags.ts';

export function launchReader(client: EC2Client): LaunchReader {
  const groups = async (input: DescribeSecurityGroupsCommandInput): Promise<readonly LaunchGroup[]> => {
    const answer = await called(client.send(new DescribeSecurityGroupsCommand(input)), 'DescribeSecurityGroups');
    if (!answer.SecurityGroups) throw notAws('DescribeSecurityGroups', 200, 'an answer without groups');
    return answer.SecurityGroups.map(groupOf);
  };
  return {
    async launchImage(id) {
      const sent = called(client.send(new DescribeImagesCommand({ ImageIds: [id] })), 'DescribeImages');
      const answer = await orMissing(sent, /^InvalidAMIID/, 'image', id);
      const image = answer.Images?.find(({ ImageId }) => ImageId === id);
      if (!image) throw missing('image', id);
      return {
        image_id: id,
        state: image.State ?? 'unknown',
        ...(image.Name ? { name: hideCredentials(image.Name) } : {}),
        ...(image.OwnerId ? { owner: image.OwnerId } : {}),
        public: image.Public ?? false,
        ...(image.Architecture ? { architecture: image.Architecture } : {}),
        ...(image.VirtualizationType ? { virtualization_type: image.VirtualizationType } : {}),
        ...(image.EnaSupport === undefined ? {} : { ena: image.EnaSupport }),
      };
    },

    async launchSubnet(id) {
      const sent = called(client.send(new DescribeSubnetsCommand({ SubnetIds: [id] })), 'DescribeSubnets');
      const answer = await orMissing(sent, /^InvalidSubnetI[Dd]/, 'subnet', id);
      const subnet = answer.Subnets?.find(({ SubnetId }) => SubnetId === id);
      if (!subnet) throw missing('subnet', id);
      return {
        subnet_id: id,
        vpc_id: subnet.VpcId ?? '',
        ...(subnet.AvailabilityZone ? { availability_zone: subnet.AvailabilityZone } : {}),
        state: subnet.State ?? 'unknown',
        public_ipv4: subnet.MapPublicIpOnLaunch ?? false,
        ipv6: subnet.AssignIpv6AddressOnCreation ?? false,
        tags: tagsOf(subnet.Tags),
      };
    },

    async launchGroups(ids) {
      // Without ids it would be all of the account.
      if (ids.length === 0) return [];
      const found = await orMissing(groups({ GroupIds: [...ids] }), /^InvalidGroup/, 'security group', ids.join(', '));
      return ids.map((id) => {
        const group = found.find(({ group_id }) => group_id === id);
        if (!group) throw missing('security group', id);
        return group;
      });
    },

    async defaultGroup(vpc) {
      const [group] = await groups({
        Filters: [
          { Name: 'vpc-id', Values: [vpc] },
          { Name: 'group-name', Values: ['default'] },
        ],
      });
      if (!group) throw missing('default security group of', vpc);
      return group;
    },

    async launchTemplate(id, version) {
      const sent = called(
        // An image that is given by the name of a parameter is looked up, so that the plan is about that image.
        client.send(
          new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: [version], ResolveAlias: true }),
        ),
        'DescribeLaunchTemplateVersions',
      );
      const what = `${id} version ${version}`;
      const answer = await orMissing(sent, /^InvalidLaunchTemplate(Id|Name)|NotFound/, 'launch template', what);
      const found = answer.LaunchTemplateVersions?.find(({ VersionNumber }) => String(VersionNumber) === version);
      if (!found?.LaunchTemplateData) throw missing('launch template', what);
      return templateOf(found.LaunchTemplateData);
    },
  };
}

/** The tool that lists each kind; for launch templates there is none. */
const LISTED_BY: Readonly<Record<string, string>> = {
  image: 'ec2_describe_images',
  subnet: 'ec2_describe_subnets',
  'security group': 'ec2_describe_security_groups',
};

function missing(kind: string, id: string): HoldshortError {
  const tool = LISTED_BY[kind];
  const how = tool === undefined ? 'ask for the right one' : `list them with ${tool}`;
  return new HoldshortError('not_found', `there is no ${kind} ${id} here`, `${how}; check \`region\``);
}

async function orMissing<T>(asked: Promise<T>, codes: RegExp, kind: string, id: string): Promise<T> {
  return await asked.catch((error: unknown) => {
    throw codes.test(awsCodeOf(error) ?? '') ? missing(kind, id) : error;
  });
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
