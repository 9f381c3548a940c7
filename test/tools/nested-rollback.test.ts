import { expect, test } from 'vitest';
import { propose } from '../scenes/tools.ts';
import { type Answer, answering, arn, NESTED, nameIn, resourceXml, stackXml } from './written-answers.ts';

const event = (minute: number, status: string, id: string, physical: string, type = 'AWS::SQS::Queue') =>
  `<member><EventId>${minute}${id}</EventId><StackId>s</StackId><StackName>s</StackName><Timestamp>2026-01-01T01:${String(minute).padStart(2, '0')}:00Z</Timestamp><LogicalResourceId>${id}</LogicalResourceId><PhysicalResourceId>${physical}</PhysicalResourceId><ResourceType>${type}</ResourceType><ResourceStatus>${status}</ResourceStatus></member>`;
const own = (minute: number, status: string, name: string) => event(minute, status, name, arn(name), NESTED);

/** The root is being updated; the nested stack has come to the end of its own part already. */
const EVENTS: Record<string, string[]> = {
  root: [
    event(9, 'UPDATE_COMPLETE', 'Inner', arn('inner'), NESTED),
    event(4, 'UPDATE_IN_PROGRESS', 'Inner', arn('inner'), NESTED),
    own(3, 'UPDATE_IN_PROGRESS', 'root'),
    own(2, 'UPDATE_COMPLETE', 'root'),
    event(1, 'UPDATE_COMPLETE', 'Old', 'old'),
  ],
  inner: [
    own(8, 'UPDATE_COMPLETE', 'inner'),
    event(7, 'UPDATE_COMPLETE', 'Changed', 'changed'),
    event(6, 'UPDATE_IN_PROGRESS', 'Changed', 'changed'),
    event(6, 'CREATE_COMPLETE', 'Made', 'made'),
    event(5, 'CREATE_IN_PROGRESS', 'Made', ''),
    event(5, 'CREATE_COMPLETE', 'Kept', 'kept'),
    event(5, 'CREATE_IN_PROGRESS', 'Kept', ''),
    own(4, 'UPDATE_IN_PROGRESS', 'inner'),
    own(2, 'CREATE_COMPLETE', 'inner'),
    event(1, 'CREATE_COMPLETE', 'Before', 'before'),
  ],
};
const TEMPLATE = JSON.stringify({ Resources: { Kept: { Type: 'AWS::SQS::Queue', DeletionPolicy: 'Retain' } } });

const nested =
  (status: string): Answer =>
  (action, form) => {
    const name = nameIn(form);
    if (action === 'DescribeStacks')
      return name === 'root' ? stackXml(name, status) : stackXml(name, 'UPDATE_COMPLETE', 'root');
    if (action === 'GetTemplate') return `<TemplateBody>${TEMPLATE.replaceAll('"', '&quot;')}</TemplateBody>`;
    if (action === 'ListStackResources')
      return `<StackResourceSummaries>${resourceXml('Changed', 'changed', 'AWS::SQS::Queue', 'UPDATE_FAILED')}</StackResourceSummaries>`;
    return `<StackEvents>${(EVENTS[name] ?? []).join('')}</StackEvents>`;
  };

test('what nested stacks did in the same update is listed too, although they are complete', async () => {
  const aws = await answering(nested('UPDATE_IN_PROGRESS'));
  const cancel = await propose(aws, 'cloudformation_cancel_update_stack', { stack_name: 'root' });
  expect(cancel.impact.map(({ effect, resource }) => `${effect} ${resource}`)).toEqual([
    `disrupt ${arn('root')}`,
    'delete made',
    'weaken kept',
    `disrupt ${arn('inner')}`,
    'disrupt changed',
  ]);
  expect(cancel.impact[1]?.detail).toMatch(/^Inner\/Made:/);
});

test('a resource of a nested stack is given up by the name of its stack, and has one line', async () => {
  const aws = await answering(nested('UPDATE_ROLLBACK_FAILED'));
  const given = { stack_name: 'root', resources_to_skip: ['inner.Changed'] };
  const go = await propose(aws, 'cloudformation_continue_update_rollback', given);
  expect(go.impact.filter(({ resource }) => resource === 'changed')).toMatchObject([{ effect: 'unknown' }]);
});

test.each([
  'cloudformation_cancel_update_stack',
  'cloudformation_continue_update_rollback',
  'cloudformation_rollback_stack',
])('%s refuses a nested stack, and of a history without an end says so', async (tool) => {
  const status = /cancel/.test(tool)
    ? 'UPDATE_IN_PROGRESS'
    : /continue/.test(tool)
      ? 'UPDATE_ROLLBACK_FAILED'
      : 'UPDATE_FAILED';
  let pages = 0;
  const aws = await answering((action, form) => {
    const inside = nameIn(form) === 'inner';
    if (action === 'DescribeStacks') return stackXml(nameIn(form), status, inside ? 'root' : undefined);
    if (action === 'GetTemplate') return '<TemplateBody>{}</TemplateBody>';
    return `<StackEvents>${event(3, 'UPDATE_IN_PROGRESS', 'A', 'a')}</StackEvents><NextToken>page-${++pages}</NextToken>`;
  });
  await expect(propose(aws, tool, { stack_name: 'inner' })).rejects.toMatchObject({
    code: 'wrong_state',
    message: expect.stringContaining('nested'),
  });
  const { impact } = await propose(aws, tool, { stack_name: 'root' });
  expect(impact[1]).toMatchObject({ effect: 'unknown', detail: expect.stringContaining('more than 100 pages') });
});

test('termination protection is of the outermost stack', async () => {
  const aws = await answering((_, form) => stackXml(nameIn(form), 'CREATE_COMPLETE', 'root'));
  const given = { stack_name: 'inner', enable_termination_protection: true };
  const inner = propose(aws, 'cloudformation_update_termination_protection', given);
  await expect(inner).rejects.toMatchObject({ code: 'wrong_state', message: expect.stringContaining(arn('root')) });
});

test('a stack that is nested without an end is refused, not shown in part', async () => {
  const aws = await answering((action, form) => {
    if (action === 'DescribeStacks') return stackXml(nameIn(form), 'CREATE_COMPLETE');
    if (action === 'GetTemplate') return '<TemplateBody>{}</TemplateBody>';
    return `<StackResourceSummaries>${resourceXml('In', arn('in'), NESTED)}</StackResourceSummaries>`;
  });
  const remove = propose(aws, 'cloudformation_delete_stack', { stack_name: 'root' });
  await expect(remove).rejects.toMatchObject({ code: 'planning_failed' });
});
