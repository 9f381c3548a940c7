/**
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-launch-template-versions.html: a version never changes.
 */

import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateResult,
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
  LaunchTemplateSpecification,
  LaunchTemplateVersion,
  RequestLaunchTemplateData,
  ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import type { Region } from '../cloud.ts';
import { ec2Id } from '../ids.ts';
import { ApiFailure } from '../wire/failure.ts';
import { page } from '../wire/paging.ts';
import type { Context } from '../wire/service.ts';
import { stopAtDryRun } from './lookup.ts';
import { launchTemplatesIn } from './state.ts';
import type { LaunchTemplate } from './storage-model.ts';

export function createLaunchTemplate(
  input: CreateLaunchTemplateRequest,
  { cloud, region }: Context,
): CreateLaunchTemplateResult {
  const { LaunchTemplateName: name = '', LaunchTemplateData: data } = input;
  if (!name || !data) {
    throw new ApiFailure('MissingParameter', 'The request must contain the parameter LaunchTemplateName');
  }
  if ([...launchTemplatesIn(region).values()].some((template) => template.name === name)) {
    throw new ApiFailure('InvalidLaunchTemplateName.AlreadyExistsException', 'Launch template name already in use.');
  }
  stopAtDryRun(input);
  const template: LaunchTemplate = {
    id: ec2Id('lt'),
    name,
    createdAt: new Date(cloud.time()),
    versions: [data],
    defaultVersion: 1,
  };
  launchTemplatesIn(region).set(template.id, template);
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

type Named = Pick<LaunchTemplateSpecification, 'LaunchTemplateId' | 'LaunchTemplateName'>;

/** @throws ApiFailure InvalidLaunchTemplateId.NotFound */
function templateOf(region: Region, { LaunchTemplateId, LaunchTemplateName }: Named): LaunchTemplate {
  const found = [...launchTemplatesIn(region).values()].find(({ id, name }) =>
    LaunchTemplateId === undefined ? name === LaunchTemplateName : id === LaunchTemplateId,
  );
  if (found) return found;
  const named = LaunchTemplateId === undefined ? `name ${LaunchTemplateName}` : `ID ${LaunchTemplateId}`;
  throw new ApiFailure(
    'InvalidLaunchTemplateId.NotFound',
    `The specified launch template, with template ${named}, does not exist.`,
  );
}

/** @throws ApiFailure InvalidLaunchTemplateId.VersionNotFound */
function numberOf(template: LaunchTemplate, version: string): number {
  if (version === '$Default') return template.defaultVersion;
  const number = version === '$Latest' ? template.versions.length : Number(version);
  if (template.versions[number - 1]) return number;
  throw new ApiFailure(
    'InvalidLaunchTemplateId.VersionNotFound',
    `Could not find the version ${version} of the launch template ${template.id}.`,
  );
}

/** What a launch takes from its template. @throws ApiFailure */
export function templateData(
  region: Region,
  specification: LaunchTemplateSpecification | undefined,
): RequestLaunchTemplateData {
  if (!specification) return {};
  const template = templateOf(region, specification);
  return template.versions[numberOf(template, specification.Version ?? '$Default') - 1] ?? {};
}

/** Without a template only `$Latest` and `$Default` can be asked for: API_DescribeLaunchTemplateVersions.html */
export function describeLaunchTemplateVersions(
  input: DescribeLaunchTemplateVersionsRequest,
  { region }: Context,
): DescribeLaunchTemplateVersionsResult {
  const wanted = input.Versions ?? [];
  const isNamed = input.LaunchTemplateId !== undefined || input.LaunchTemplateName !== undefined;
  if (!isNamed && wanted.some((one) => !/^\$(Latest|Default)$/.test(one))) {
    throw new ApiFailure('InvalidParameterValue', 'Only $Latest and $Default can be asked for of all templates.');
  }
  const templates = isNamed ? [templateOf(region, input)] : [...launchTemplatesIn(region).values()];
  const versions = templates.flatMap((template) => {
    const all = template.versions.map((_, at) => at + 1);
    const numbers = wanted.length === 0 ? all : wanted.map((one) => numberOf(template, one));
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
    // What is asked for and what is answered have the same members, but for what AWS adds.
    LaunchTemplateData: template.versions[number - 1] as ResponseLaunchTemplateData | undefined,
  };
}
