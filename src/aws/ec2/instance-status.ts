import {
  type InstanceStatus as AwsInstanceStatus,
  DescribeInstanceStatusCommand,
  type DescribeInstanceStatusCommandInput,
  type EC2Client,
  GetConsoleOutputCommand,
  type InstanceStatusSummary,
} from '@aws-sdk/client-ec2';
import { hideCredentials } from '../../../tools/ports/credentials.ts';
import type { InstanceReader, InstanceStatus } from '../../../tools/ports/ec2-instances.ts';
import { called } from '../request/call.ts';
import { notAws } from '../request/errors.ts';
import { listed } from '../request/listed.ts';
import { KINDS } from './kinds.ts';
import { hideInLog } from './log-secrets.ts';
import { demandKnown, paged } from './reading.ts';

export function statusReader(client: EC2Client): Pick<InstanceReader, 'statusesById' | 'statuses' | 'consoleOutput'> {
  const describe = async (input: DescribeInstanceStatusCommandInput) => {
    const operation = 'DescribeInstanceStatus';
    // Otherwise AWS gives the running ones only.
    const sent = client.send(new DescribeInstanceStatusCommand({ ...input, IncludeAllInstances: true }));
    const { InstanceStatuses, NextToken } = await called(sent, operation);
    return listed(operation, InstanceStatuses, NextToken, statusOf);
  };
  return {
    async statusesById(ids) {
      if (ids.length === 0) return [];
      // Ids and a page size exclude each other.
      return (await demandKnown(KINDS.i, ids, describe({ InstanceIds: [...ids] }))).items;
    },

    statuses: (query) => describe(paged(query)),

    async consoleOutput(id, latest) {
      const sent = client.send(new GetConsoleOutputCommand({ InstanceId: id, ...(latest ? { Latest: true } : {}) }));
      const answer = await demandKnown(KINDS.i, [id], called(sent, 'GetConsoleOutput'));
      if (answer.InstanceId !== id) throw notAws('GetConsoleOutput', 200, 'an answer about no or another instance');
      const text = Buffer.from(answer.Output ?? '', 'base64').toString('utf8');
      return { text: hideInLog(text), ...(answer.Timestamp ? { at: answer.Timestamp.toISOString() } : {}) };
    },
  };
}

function statusOf(status: AwsInstanceStatus): InstanceStatus {
  if (!status.InstanceId) throw notAws('DescribeInstanceStatus', 200, 'a status without instance id');
  return {
    instance_id: status.InstanceId,
    ...(status.AvailabilityZone ? { availability_zone: status.AvailabilityZone } : {}),
    state: status.InstanceState?.Name ?? 'unknown',
    instance_status: checkOf(status.InstanceStatus),
    system_status: checkOf(status.SystemStatus),
    ...(status.AttachedEbsStatus ? { ebs_status: checkOf(status.AttachedEbsStatus) } : {}),
    events: (status.Events ?? []).map(({ InstanceEventId, Code, Description, ...times }) => ({
      ...(InstanceEventId ? { event_id: InstanceEventId } : {}),
      code: Code ?? 'unknown',
      ...(Description ? { description: hideCredentials(Description) } : {}),
      ...(times.NotBefore ? { not_before: times.NotBefore.toISOString() } : {}),
      ...(times.NotAfter ? { not_after: times.NotAfter.toISOString() } : {}),
      ...(times.NotBeforeDeadline ? { deadline: times.NotBeforeDeadline.toISOString() } : {}),
    })),
  };
}

function checkOf(summary: InstanceStatusSummary | undefined): InstanceStatus['instance_status'] {
  const details = summary?.Details ?? [];
  const failed = details.flatMap(({ Name, Status }) => (Status === 'failed' && Name ? [Name] : []));
  const since = details.find(({ ImpairedSince }) => ImpairedSince)?.ImpairedSince;
  return {
    status: summary?.Status ?? 'unknown',
    ...(failed.length > 0 ? { failed } : {}),
    ...(since ? { impaired_since: since.toISOString() } : {}),
  };
}
