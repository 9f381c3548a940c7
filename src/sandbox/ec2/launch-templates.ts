/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-launch-template-versions.html: a version never changes. */
import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateResult,
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
  LaunchTemplateSpecification,
  RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import type { Region } from '../cloud.ts';
import { ec2Id } from '../ids.ts';
import { ApiFailure } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import { stopAtDryRun } from './lookup.ts';
import type { LaunchTemplate } from './model.ts';

/** @throws ApiFailure InvalidLaunchTemplateId.NotFound, InvalidLaunchTemplateId.VersionNotFound */
function templateOf(
  region: Region,
  { LaunchTemplateId, LaunchTemplateName, Version }: LaunchTemplateSpecification,
): LaunchTemplate {
  const found = [...region.launchTemplates.values()].find(
    ({ id, name }) => id === LaunchTemplateId || name === LaunchTemplateName,
  );
  if (!found) {
    throw new ApiFailure(
      'InvalidLaunchTemplateId.NotFound',
      `The specified launch template, with template ID ${LaunchTemplateId}, does not exist.`,
    );
  }
  if (Version !== undefined && !['1', '$Latest', '$Default'].includes(Version)) {
    throw new ApiFailure('InvalidLaunchTemplateId.VersionNotFound', `Could not find the version ${Version}.`);
  }
  return found;
}

/** What a launch takes from its template: whatever the request doesn't say itself. */
export function templateData(region: Region, specification: LaunchTemplateSpecification | undefined) {
  return specification ? (templateOf(region, specification).data as RequestLaunchTemplateData) : {};
}

export function createLaunchTemplate(
  input: CreateLaunchTemplateRequest,
  { cloud, region }: Context,
): CreateLaunchTemplateResult {
  if (!input.LaunchTemplateName || !input.LaunchTemplateData)
    throw new ApiFailure('MissingParameter', 'The request must contain the parameter LaunchTemplateName');
  if ([...region.launchTemplates.values()].some(({ name }) => name === input.LaunchTemplateName)) {
    throw new ApiFailure('InvalidLaunchTemplateName.AlreadyExistsException', 'Launch template name already in use.');
  }
  stopAtDryRun(input);
  const id = ec2Id('lt');
  const template = { id, name: input.LaunchTemplateName, data: input.LaunchTemplateData };
  region.launchTemplates.set(id, template);
  return {
    LaunchTemplate: {
      LaunchTemplateId: id,
      LaunchTemplateName: template.name,
      CreateTime: new Date(cloud.time()),
      DefaultVersionNumber: 1,
      LatestVersionNumber: 1,
    },
  };
}

export function describeLaunchTemplateVersions(
  input: DescribeLaunchTemplateVersionsRequest,
  { region }: Context,
): DescribeLaunchTemplateVersionsResult {
  const [Version] = input.Versions ?? [];
  const { id, name, data } = templateOf(region, { ...input, Version });
  stopAtDryRun(input);
  return {
    LaunchTemplateVersions: [
      {
        LaunchTemplateId: id,
        LaunchTemplateName: name,
        VersionNumber: 1,
        DefaultVersion: true,
        LaunchTemplateData: data,
      },
    ],
  };
}
