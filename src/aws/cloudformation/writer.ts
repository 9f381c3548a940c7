import {
  type Capability,
  type CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import type {
  CloudFormationPlanner,
  CloudFormationWriter,
  ResourceToImport,
} from '../../../tools/ports/cloudformation.ts';
import { hideGiven } from '../../../tools/ports/credentials.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { called } from '../request/call.ts';
import { AwsError, awsCodeOf, notAws } from '../request/errors.ts';
import { textOf } from './completed-template.ts';

/** Ends as `shownName` has it: planning removes nothing else. */
const SHOWN_NAME = /^holdshort-[a-z0-9]+-live$/;

/** Makes change sets: the only thing that planning may leave in AWS. */
export function cloudFormationPlanner(client: CloudFormationClient): CloudFormationPlanner {
  return {
    async deleteShownChangeSet({ change_set_name, stack_id }) {
      demand(SHOWN_NAME, change_set_name, 'the name of a change set that was made only to show');
      demand(STACK_ARN, stack_id, 'a stack ARN');
      await called(
        client.send(new DeleteChangeSetCommand({ ChangeSetName: change_set_name, StackName: stack_id })),
        'DeleteChangeSet',
      );
    },

    async createChangeSet(request) {
      const answer = await called(
        client
          .send(
            new CreateChangeSetCommand({
              StackName: request.stack_name,
              ChangeSetName: request.change_set_name,
              ChangeSetType: request.type,
              ClientToken: request.client_token,
              Description: request.description,
              ...(request.template ? { TemplateBody: textOf(request.template) } : { UsePreviousTemplate: true }),
              Parameters: request.parameters.map(({ key, value, use_previous_value }) => ({
                ParameterKey: key,
                ...(value === undefined ? {} : { ParameterValue: value }),
                ...(use_previous_value ? { UsePreviousValue: true } : {}),
              })),
              ...(request.tags ? { Tags: Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value })) } : {}),
              Capabilities: request.capabilities.map((capability) => capability as Capability),
              ...(request.only_to_show ? { DeploymentMode: 'REVERT_DRIFT' as const } : {}),
              // AWS refuses to make one for nested stacks along with an import.
              ...(request.resources_to_import
                ? { ResourcesToImport: request.resources_to_import.map(resourceToImport) }
                : { IncludeNestedStacks: request.only_to_show !== true }),
            }),
          )
          .catch((error: unknown) => {
            // "Value '...' at 'parameters.1.member.parameterValue' failed to satisfy constraint": AWS repeats what
            // doesn't fit.
            if (error instanceof Error) {
              const { message } = error;
              error.message = hideGiven(request.template?.hide(message) ?? message, request.secrets ?? []);
            }
            throw error;
          }),
        'CreateChangeSet',
      ).catch((error: unknown) => {
        throw unchanged(error) ?? error;
      });
      if (!answer.Id || !answer.StackId) throw notAws('CreateChangeSet', 200, 'an answer without a change set id');
      return { change_set_id: answer.Id, stack_id: answer.StackId };
    },
  };
}

function resourceToImport({ resource_type, logical_resource_id, resource_identifier }: ResourceToImport) {
  return {
    ResourceType: resource_type,
    LogicalResourceId: logical_resource_id,
    ResourceIdentifier: { ...resource_identifier },
  };
}

/** AWS says so in the change set's status; moto refuses the request with the sentence that UpdateStack has for it. */
function unchanged(error: unknown): HoldshortError | undefined {
  if (awsCodeOf(error) !== 'ValidationError' || !(error instanceof HoldshortError)) return undefined;
  if (!error.message.includes('No updates are to be performed')) return undefined;
  return new HoldshortError('no_changes', 'the stack is already as asked', 'go on without this call', error);
}

export const STACK_ARN = /^arn:aws[a-z-]*:cloudformation:[a-z0-9-]+:\d{12}:stack\/[^/]+\/[^/]+$/;
const CHANGE_SET_ARN = /^arn:aws[a-z-]*:cloudformation:[a-z0-9-]+:\d{12}:changeSet\/[^/]+\/[^/]+$/;

/** Each method sends one request, once: the client must have been made with one attempt. */
export function cloudFormationWriter(client: CloudFormationClient): CloudFormationWriter {
  return {
    async executeChangeSet({ change_set_arn, stack_id, token }) {
      demand(CHANGE_SET_ARN, change_set_arn, 'a change set ARN');
      demand(STACK_ARN, stack_id, 'a stack ARN');
      await called(
        client.send(
          new ExecuteChangeSetCommand({
            ChangeSetName: change_set_arn,
            StackName: stack_id,
            ClientRequestToken: token,
          }),
        ),
        'ExecuteChangeSet',
      );
    },
    async deleteStack({ stack_id, retain_resources, token }) {
      demand(STACK_ARN, stack_id, 'a stack ARN');
      await called(
        client.send(
          new DeleteStackCommand({
            StackName: stack_id,
            ClientRequestToken: token,
            ...(retain_resources?.length ? { RetainResources: [...retain_resources] } : {}),
          }),
        ),
        'DeleteStack',
      );
    },
    async deleteChangeSet({ change_set_name, stack_id }) {
      demand(STACK_ARN, stack_id, 'a stack ARN');
      await called(
        client.send(new DeleteChangeSetCommand({ ChangeSetName: change_set_name, StackName: stack_id })),
        'DeleteChangeSet',
      );
    },
  };
}

/** The SDK sends `DeleteStack` without a name when it is given none, and a name may by now be another stack. */
export function demand(form: RegExp, value: string, what: string): void {
  if (form.test(value)) return;
  throw new AwsError('internal', `nothing was sent: ${what} is needed`, 'report this as a bug', {
    certainty: 'refused',
  });
}
