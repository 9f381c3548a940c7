/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instances-status-check.html */

import type {
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResult,
  GetConsoleOutputRequest,
  GetConsoleOutputResult,
  InstanceStatus,
} from '@aws-sdk/client-ec2';
import { page } from '../wire/paging.ts';
import type { Context } from '../wire/service.ts';
import { pageSize, stateShape } from './describe.ts';
import { applyFilters, instanceValues } from './filters.ts';
import { instancesById, stopAtDryRun } from './lookup.ts';
import type { Instance } from './model.ts';
import { instancesIn } from './state.ts';

/** Only a running instance is checked. */
function statusOf({ state, impaired }: Instance): 'ok' | 'impaired' | 'initializing' | 'not-applicable' {
  if (state === 'pending') return 'initializing';
  if (state !== 'running') return 'not-applicable';
  return impaired ? 'impaired' : 'ok';
}

function statusShape(instance: Instance): InstanceStatus {
  const Status = statusOf(instance);
  const reached = Status === 'ok' ? 'passed' : Status === 'impaired' ? 'failed' : 'initializing';
  const details =
    Status === 'not-applicable'
      ? undefined
      : [
          {
            Name: 'reachability' as const,
            Status: reached,
            ImpairedSince: Status === 'impaired' ? instance.launchedAt : undefined,
          } as const,
        ];
  return {
    InstanceId: instance.id,
    AvailabilityZone: instance.zone,
    InstanceState: stateShape(instance.state),
    InstanceStatus: { Status, Details: details },
    SystemStatus: {
      Status: Status === 'impaired' ? 'ok' : Status,
      Details: details && [{ Name: 'reachability', Status: reached === 'failed' ? 'passed' : reached }],
    },
    Events: instance.events.map((event) => ({
      InstanceEventId: event.id,
      Code: event.code,
      Description: event.description,
      NotBefore: event.notBefore,
    })),
  };
}

function statusValues(instance: Instance, name: string): readonly string[] | undefined {
  const Status = statusOf(instance);
  if (name === 'instance-status.status') return [Status];
  if (name === 'system-status.status') return [Status === 'impaired' ? 'ok' : Status];
  if (name === 'event.code') return instance.events.map(({ code }) => code);
  return instanceValues(instance, name);
}

/**
 * Running ones only, unless IncludeAllInstances:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html
 */
export function describeInstanceStatus(
  input: DescribeInstanceStatusRequest,
  { region }: Context,
): DescribeInstanceStatusResult {
  const ids = input.InstanceIds;
  const named = ids && ids.length > 0 ? instancesById(region, ids) : [...instancesIn(region).values()];
  const shown = named.filter(({ state }) => input.IncludeAllInstances || state === 'running');
  const chosen = applyFilters(shown, input.Filters, statusValues);
  const { items, NextToken } = page(chosen, input.NextToken, pageSize(input.MaxResults, ids));
  stopAtDryRun(input);
  return { InstanceStatuses: items.map(statusShape), NextToken };
}

/**
 * What the machine wrote while it started; AWS keeps the last 64 KB.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
 */
export function getConsoleOutput(input: GetConsoleOutputRequest, { region }: Context): GetConsoleOutputResult {
  const [instance] = instancesById(region, [input.InstanceId ?? '']);
  stopAtDryRun(input);
  if (!instance) return {};
  const written = instance.console ?? `[    0.000000] Linux version 6.1 on ${instance.type}\n${instance.id} login: `;
  const kept = Buffer.from(written).subarray(-64 * 1024);
  return {
    InstanceId: instance.id,
    Timestamp: instance.launchedAt,
    Output: instance.state === 'pending' ? undefined : kept.toString('base64'),
  };
}
