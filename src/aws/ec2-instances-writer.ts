import {
  type EC2Client,
  type InstanceStateChange,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { InstanceWriter, StateChange } from '../../tools/ports/ec2-instances.ts';
import { called } from './call.ts';
import { AwsError, notAws } from './errors.ts';

/** Each method sends one request, once: the client must have been made with one attempt. */
export function instanceWriter(client: EC2Client): InstanceWriter {
  return {
    async startInstances(ids) {
      const sent = client.send(new StartInstancesCommand({ InstanceIds: named(ids) }));
      return changes('StartInstances', (await called(sent, 'StartInstances')).StartingInstances);
    },
    async stopInstances({ ids, force, hibernate }) {
      const input = {
        InstanceIds: named(ids),
        ...(force ? { Force: true } : {}),
        ...(hibernate ? { Hibernate: true } : {}),
      };
      const sent = client.send(new StopInstancesCommand(input));
      return changes('StopInstances', (await called(sent, 'StopInstances')).StoppingInstances);
    },
    async terminateInstances(ids) {
      const sent = client.send(new TerminateInstancesCommand({ InstanceIds: named(ids) }));
      return changes('TerminateInstances', (await called(sent, 'TerminateInstances')).TerminatingInstances);
    },
  };
}

function named(ids: readonly string[]): string[] {
  if (ids.length > 0 && ids.every((id) => /^i-[0-9a-f]{8,17}$/.test(id))) return [...ids];
  throw new AwsError('internal', 'nothing was sent: instance ids are needed', 'report this as a bug', {
    certainty: 'refused',
  });
}

function changes(operation: string, list: readonly InstanceStateChange[] | undefined): readonly StateChange[] {
  if (!list) throw notAws(operation, 200, 'an answer without instances');
  return list.map(({ InstanceId = '', PreviousState, CurrentState }) => ({
    instance_id: InstanceId,
    previous: PreviousState?.Name ?? 'unknown',
    current: CurrentState?.Name ?? 'unknown',
  }));
}
