import type { StackEvent as AwsEvent } from '@aws-sdk/client-cloudformation';
import type { StackEvent } from '../../../tools/ports/cloudformation.ts';
import { hideCredentials } from '../../../tools/ports/credentials.ts';
import { iso } from './stack.ts';

export function stackEvent(event: AwsEvent): StackEvent {
  return {
    event_id: event.EventId ?? '',
    at: iso(event.Timestamp),
    logical_id: event.LogicalResourceId ?? '',
    ...(event.PhysicalResourceId ? { physical_id: event.PhysicalResourceId } : {}),
    type: event.ResourceType ?? 'unknown',
    status: event.ResourceStatus ?? 'unknown',
    ...(event.ResourceStatusReason ? { status_reason: hideCredentials(event.ResourceStatusReason) } : {}),
    ...(event.ClientRequestToken ? { client_request_token: event.ClientRequestToken } : {}),
  };
}
