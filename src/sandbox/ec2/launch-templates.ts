/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-launch-templates.html: as far as it takes to see what a template names */
import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateResult,
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
  LaunchTemplateVersion,
  RequestLaunchTemplateData,
  ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { ec2Id } from '../ids.ts';
import { ApiFailure } from '../wire/failure.ts';
import { page } from '../wire/paging.ts';
import type { Context } from '../wire/service.ts';
import { stopAtDryRun } from './lookup.ts';
import type { LaunchTemplate } from './storage-model.ts';

export function createLaunchTemplate(
  input: CreateLaunchTemplateRequest,
  { cloud, region }: Context,
): CreateLaunchTemplateResult {
  const { LaunchTemplateName: name = '', LaunchTemplateData: data } = input;
  if (!name || !data) {
    throw new ApiFailure('MissingParameter', 'The request must contain the parameter LaunchTemplateName');
  }
  if ([...region.launchTemplates.values()].some((template) => template.name === name)) {
    throw new ApiFailure('InvalidLaunchTemplateName.AlreadyExistsException', `Launch template name already in use.`);
  }
  stopAtDryRun(input);
  const template: LaunchTemplate = {
    id: ec2Id('lt'),
    name,
    createdAt: new Date(cloud.time()),
    versions: [data],
    defaultVersion: 1,
  };
  region.launchTemplates.set(template.id, template);
  return {
    LaunchTemplate: {
      LaunchTemplateId: template.id,
      LaunchTemplateName: name,
      CreateTime: template.createdAt,
      DefaultVersionNumber: 1,
      LatestVersionNumber: 1,
    },
  };
}

/** Of all templates at once only `$Latest` and `$Default` can be asked for: API_DescribeLaunchTemplateVersions.html */
export function describeLaunchTemplateVersions(
  input: DescribeLaunchTemplateVersionsRequest,
  { region }: Context,
): DescribeLaunchTemplateVersionsResult {
  const wanted = input.Versions ?? [];
  if (input.LaunchTemplateId || input.LaunchTemplateName || wanted.some((one) => !/^\$(Latest|Default)$/.test(one))) {
    throw new ApiFailure('InvalidParameterValue', 'Only $Latest and $Default of all templates are known here.');
  }
  const versions = [...region.launchTemplates.values()].flatMap((template) => {
    const numbers = wanted.map((one) => (one === '$Latest' ? template.versions.length : template.defaultVersion));
    return [...new Set(numbers)].map((number) => versionShape(template, number));
  });
  const { items, NextToken } = page(versions, input.NextToken, input.MaxResults ?? 200);
  stopAtDryRun(input);
  return { LaunchTemplateVersions: items, NextToken };
}

function versionShape(template: LaunchTemplate, number: number): LaunchTemplateVersion {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    VersionNumber: number,
    DefaultVersion: number === template.defaultVersion,
    CreateTime: template.createdAt,
    LaunchTemplateData: dataShape(template.versions[number - 1]),
  };
}

function dataShape(data: RequestLaunchTemplateData | undefined): ResponseLaunchTemplateData {
  return {
    ImageId: data?.ImageId,
    InstanceType: data?.InstanceType,
    BlockDeviceMappings: data?.BlockDeviceMappings,
  };
}
