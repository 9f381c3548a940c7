import {
  type StackResourceDrift as AwsDrift,
  type CloudFormationClient,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
  GetStackPolicyCommand,
  ListImportsCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { S3Client } from '@aws-sdk/client-s3';
import type {
  ResourceDrift,
  StackOperationsReader,
  TemplateValidation,
} from '../../../tools/ports/cloudformation-operations.ts';
import { hideCredentials } from '../../../tools/ports/credentials.ts';
import { HIDDEN } from '../../../tools/ports/masks.ts';
import { every, nextToken } from '../../../tools/ports/pages.ts';
import { hideValue } from '../../../tools/ports/redaction.ts';
import { sha256 } from '../../kernel/digest.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { groupUse } from '../ec2/group-use.ts';
import { called } from '../request/call.ts';
import { awsCodeOf, isUnanswerable, notAws } from '../request/errors.ts';
import { listed } from '../request/listed.ts';
import { redactTemplate } from '../template/redaction.ts';
import { bucketContent } from './bucket-content.ts';
import { stackEvent } from './events.ts';
import { exportPage } from './exports.ts';
import type { Exports } from './masked-values.ts';
import { templateText } from './template-text.ts';

interface StackClients {
  readonly cloudformation: CloudFormationClient;
  readonly ec2: EC2Client;
  s3(): Promise<S3Client>;
}

/** Reads what surrounds stacks. Every text in a result is stripped of credentials. */
export function stackOperationsReader(clients: StackClients, exports: Exports): StackOperationsReader {
  const client = clients.cloudformation;
  return {
    async eventPage(StackName, cursor) {
      const sent = client.send(new DescribeStackEventsCommand({ StackName, ...nextToken(cursor) }));
      const { StackEvents, NextToken } = await called(sent, 'DescribeStackEvents');
      return listed('DescribeStackEvents', StackEvents, NextToken, stackEvent);
    },

    async templateText(StackName, TemplateStage = 'Original') {
      const { text } = redactTemplate(await templateText(client, StackName, undefined, TemplateStage), StackName);
      // The digest is of what is shown: one of the whole would let a short secret be guessed.
      return { text, sha256: sha256(text) };
    },

    validateTemplate: (TemplateBody) => validate(client, TemplateBody),

    exports: (cursor) => exportPage(client, cursor),
    exportValue: (one) => exports.value(one),

    importers: (name) => importersOf(client, name),

    async stackPolicy(StackName) {
      const sent = client.send(new GetStackPolicyCommand({ StackName }));
      return (await called(sent, 'GetStackPolicy')).StackPolicyBody || undefined;
    },

    async detectDrift(StackName) {
      const sent = client.send(new DetectStackDriftCommand({ StackName }));
      const { StackDriftDetectionId } = await called(sent, 'DetectStackDrift');
      if (!StackDriftDetectionId) throw notAws('DetectStackDrift', 200, 'an answer without a detection id');
      return StackDriftDetectionId;
    },

    async driftDetection(id) {
      const sent = client.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: id }));
      const operation = 'DescribeStackDriftDetectionStatus';
      const answer = await called(sent, operation).catch((error: unknown) => {
        if (awsCodeOf(error) !== 'ValidationError') throw error;
        const recovery = 'leave detection_id out to start another detection';
        throw new HoldshortError('not_found', `AWS knows no drift detection ${id} (any more)`, recovery, error);
      });
      if (!answer.DetectionStatus || !answer.StackId) throw notAws(operation, 200, 'an answer without a status');
      return {
        stack_id: answer.StackId,
        status: answer.DetectionStatus,
        ...(answer.DetectionStatusReason ? { status_reason: hideCredentials(answer.DetectionStatusReason) } : {}),
        ...(answer.StackDriftStatus ? { stack_drift_status: answer.StackDriftStatus } : {}),
        ...(answer.DriftedStackResourceCount === undefined
          ? {}
          : { drifted_resources: answer.DriftedStackResourceCount }),
      };
    },

    async resourceDrifts(StackName, cursor) {
      const sent = client.send(
        new DescribeStackResourceDriftsCommand({
          StackName,
          StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
          ...nextToken(cursor),
        }),
      );
      const { StackResourceDrifts, NextToken } = await called(sent, 'DescribeStackResourceDrifts');
      return listed('DescribeStackResourceDrifts', StackResourceDrifts, NextToken, driftOf);
    },

    bucketContent: async (bucket) => await bucketContent(await clients.s3(), bucket),
    groupUse: (groupIds) => groupUse(clients.ec2, groupIds),
  };
}

async function validate(client: CloudFormationClient, TemplateBody: string): Promise<TemplateValidation> {
  try {
    const answer = await called(client.send(new ValidateTemplateCommand({ TemplateBody })), 'ValidateTemplate');
    return {
      valid: true,
      ...(answer.Description ? { description: hideCredentials(answer.Description) } : {}),
      parameters: (answer.Parameters ?? []).map(({ ParameterKey = '', DefaultValue, NoEcho, Description }) => ({
        name: ParameterKey,
        ...(DefaultValue === undefined ? {} : { default: NoEcho ? HIDDEN : hideValue(ParameterKey, DefaultValue) }),
        no_echo: NoEcho ?? false,
        ...(Description ? { description: hideCredentials(Description) } : {}),
      })),
      capabilities: answer.Capabilities ?? [],
      ...(answer.CapabilitiesReason ? { capabilities_reason: hideCredentials(answer.CapabilitiesReason) } : {}),
      transforms: answer.DeclaredTransforms ?? [],
    };
  } catch (error) {
    if (awsCodeOf(error) !== 'ValidationError' || !(error instanceof HoldshortError)) throw error;
    return { valid: false, complaint: error.message };
  }
}

/**
 * That nobody imports it is an error in AWS:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListImports.html
 */
async function importersOf(client: CloudFormationClient, name: string): Promise<readonly string[] | undefined> {
  try {
    return await every('ListImports', async (cursor) => {
      const sent = client.send(new ListImportsCommand({ ExportName: name, ...nextToken(cursor) }));
      const { Imports, NextToken } = await called(sent, 'ListImports');
      return listed('ListImports', Imports ?? [], NextToken, (stack) => stack);
    });
  } catch (error) {
    if (awsCodeOf(error) === 'ValidationError' && /not imported/.test(String(error))) return [];
    if (isUnanswerable(error)) return undefined;
    throw error;
  }
}

function driftOf(drift: AwsDrift): ResourceDrift {
  const value = (path: string, text: string | undefined, was?: string) =>
    text === undefined ? undefined : hideValue(path, text, was);
  return {
    logical_id: drift.LogicalResourceId ?? '',
    ...(drift.PhysicalResourceId ? { physical_id: drift.PhysicalResourceId } : {}),
    type: drift.ResourceType ?? 'unknown',
    drift_status: drift.StackResourceDriftStatus ?? 'unknown',
    differences: (drift.PropertyDifferences ?? []).map((one) => {
      const path = one.PropertyPath ?? '';
      const [expected, actual] = [value(path, one.ExpectedValue), value(path, one.ActualValue, one.ExpectedValue)];
      return {
        property_path: path,
        difference: one.DifferenceType ?? 'unknown',
        ...(expected === undefined ? {} : { expected }),
        ...(actual === undefined ? {} : { actual }),
      };
    }),
  };
}
