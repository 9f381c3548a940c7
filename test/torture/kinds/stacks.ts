import * as cfn from '@aws-sdk/client-cloudformation';
import { LAB, SHOP } from '../../scenes/accounts.ts';
import { FOR_EVER_MS, type Kind, numbered, type Subject, type There, times } from '../kind.ts';

/* Changes of stacks. */

const slow = (seconds: number) => ({ Type: 'AWS::SQS::Queue', Properties: { ReceiveMessageWaitTimeSeconds: seconds } });
const template = (seconds: number) => ({ Resources: { A: slow(seconds), B: { ...slow(seconds), DependsOn: 'A' } } });
const NEXT = JSON.stringify(template(2));
const POLICY = JSON.stringify({
  Statement: [{ Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' }],
});

const kind = (tool: string, action: string) => ({ name: tool, tool, actions: [action] });
const seeded = (count: number) => ({
  stacks: numbered('stack', count).map((name) => ({ name, template: template(1) })),
});

async function stacksIn({ cloudformation }: There): Promise<ReadonlyMap<string, cfn.Stack>> {
  const found: cfn.Stack[] = [];
  for (let NextToken: string | undefined; ; ) {
    const page = await cloudformation.send(new cfn.DescribeStacksCommand(NextToken ? { NextToken } : {}));
    found.push(...(page.Stacks ?? []));
    NextToken = page.NextToken;
    if (NextToken === undefined) return new Map(found.map((stack) => [stack.StackName ?? '', stack]));
  }
}

function told(
  requests: Pick<Kind, 'name' | 'tool' | 'actions'>,
  args: (name: string) => Subject['args'],
  is: (stack: cfn.Stack | undefined) => boolean,
): Kind {
  return {
    ...requests,
    seed: seeded,
    prepare: async (_, count) => numbered('stack', count).map((mark) => ({ mark, args: args(mark) })),
    async happened(there, subjects) {
      const known = await stacksIn(there);
      return subjects.map(({ mark }) => times(is(known.get(mark))));
    },
  };
}

const only = (stack_name: string) => ({ stack_name });
const inState =
  (...states: readonly string[]) =>
  (stack: cfn.Stack | undefined) =>
    states.includes(stack?.StackStatus ?? '');

/** Begins an update of each that others asked for. */
async function updating(there: There, names: readonly string[], DisableRollback = false): Promise<void> {
  const { cloudformation } = there;
  const ChangeSetName = 'theirs';
  for (const StackName of names)
    await cloudformation.send(new cfn.CreateChangeSetCommand({ StackName, ChangeSetName, TemplateBody: NEXT }));
  await there.pass();
  for (const StackName of names)
    await cloudformation.send(new cfn.ExecuteChangeSetCommand({ StackName, ChangeSetName, DisableRollback }));
}

/** Updates that failed, and stand in this state. */
async function inTrouble(there: There, names: readonly string[], state: string): Promise<readonly Subject[]> {
  for (const stack of names) {
    await there.cloud.order('refusals', { stack, logicalId: 'B', action: 'update', reason: 'no luck' });
    if (state === 'UPDATE_ROLLBACK_FAILED')
      await there.cloud.order('refusals', { stack, logicalId: 'A', action: 'rollback', reason: 'no luck' });
  }
  await updating(there, names, state === 'UPDATE_FAILED');
  await there.pass();
  const others = [...(await stacksIn(there)).values()].filter(({ StackStatus }) => StackStatus !== state);
  if (others.length > 0) throw new Error(`${others[0]?.StackName} is ${others[0]?.StackStatus}, not ${state}`);
  return names.map((mark) => ({ mark, args: only(mark) }));
}

const rolledBack = inState('UPDATE_ROLLBACK_COMPLETE');

const cancelled: Kind = {
  ...told(kind('cloudformation_cancel_update_stack', 'CancelUpdateStack'), only, rolledBack),
  latencyMs: FOR_EVER_MS,
  async prepare(there, count) {
    const names = numbered('stack', count);
    await updating(there, names);
    return names.map((mark) => ({ mark, args: only(mark) }));
  },
};

const policed: Kind = {
  ...told(
    kind('cloudformation_set_stack_policy', 'SetStackPolicy'),
    (stack_name) => ({ stack_name, stack_policy_body: POLICY }),
    () => false,
  ),
  happened: async ({ cloudformation }, subjects) =>
    await Promise.all(
      subjects.map(async ({ mark: StackName }) => {
        const { StackPolicyBody } = await cloudformation.send(new cfn.GetStackPolicyCommand({ StackName }));
        return times(StackPolicyBody !== undefined);
      }),
    ),
};

const isGone = (stack: cfn.Stack | undefined) => stack === undefined;

/** Each name in both accounts, in turns: what is sent to the wrong one is another ticket's. */
const inTwoAccounts: Kind = {
  ...told(kind('cloudformation_delete_stack', 'DeleteStack'), only, isGone),
  name: 'cloudformation_delete_stack, of the same names in two accounts',
  seed: (count) => seeded(Math.ceil(count / 2)),
  inAccounts: true,
  prepare: async (_, count) =>
    numbered('stack', Math.ceil(count / 2)).flatMap((mark) =>
      [SHOP, LAB].map(({ id, name }) => ({
        ...{ mark, account: id },
        args: { ...only(mark), account: name, region: 'eu-west-1' },
      })),
    ),
  async happened(there, subjects) {
    const known = new Map<string, ReadonlyMap<string, cfn.Stack>>();
    for (const { id } of [SHOP, LAB]) known.set(id, await stacksIn(await there.in(id)));
    return subjects.map(({ mark, account = '' }) => times(isGone(known.get(account)?.get(mark))));
  },
};

export const STACKS: readonly Kind[] = [
  told(kind('cloudformation_delete_stack', 'DeleteStack'), only, isGone),
  inTwoAccounts,
  {
    ...told(
      kind('cloudformation_deploy_stack', 'ExecuteChangeSet'),
      (stack_name) => ({ stack_name, template_body: NEXT }),
      inState('UPDATE_COMPLETE'),
    ),
    // A second opinion about the change set is asked for, in a thread that takes seconds to load.
    ...{ restMs: 8_000, share: 0.3 },
  },
  told(
    kind('cloudformation_update_termination_protection', 'UpdateTerminationProtection'),
    (stack_name) => ({ stack_name, enable_termination_protection: true }),
    (stack) => stack?.EnableTerminationProtection === true,
  ),
  policed,
  {
    ...told(kind('cloudformation_continue_update_rollback', 'ContinueUpdateRollback'), only, rolledBack),
    prepare: (there, count) => inTrouble(there, numbered('stack', count), 'UPDATE_ROLLBACK_FAILED'),
  },
  {
    ...told(kind('cloudformation_rollback_stack', 'RollbackStack'), only, rolledBack),
    prepare: (there, count) => inTrouble(there, numbered('stack', count), 'UPDATE_FAILED'),
  },
  cancelled,
];
