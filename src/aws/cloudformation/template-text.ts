import { type CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { called } from '../request/call.ts';
import { notAws } from '../request/errors.ts';

/**
 * The template that a stack runs, or that a change set would make it run, whole: what is secret in it stays in
 * `src/aws`, and in recovery kits.
 */
export async function templateText(
  client: CloudFormationClient,
  stack: string,
  changeSet: string | undefined,
  stage: 'Original' | 'Processed',
): Promise<string> {
  const answer = await called(
    client.send(
      new GetTemplateCommand({
        StackName: stack,
        TemplateStage: stage,
        ...(changeSet === undefined ? {} : { ChangeSetName: changeSet }),
      }),
    ),
    'GetTemplate',
  );
  if (answer.TemplateBody === undefined) throw notAws('GetTemplate', 200, 'an answer without a template');
  return answer.TemplateBody;
}
