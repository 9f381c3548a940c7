import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { isDestroying } from '../../src/kernel/undo.ts';
import { defineChangeTool, type Readers } from '../define.ts';
import { Parameters, Reason, Region, Rehearse, StackNameOrArn, Tags } from '../fields.ts';
import type { NamedThing } from '../ports/ownership.ts';
import { CHANGE_SET, changeSetIn, changeSetName } from './deployment/change-set.ts';
import { discardChangeSet } from './deployment/discard-change-set.ts';
import { deploymentGuard } from './deployment/guard.ts';
import { importTargets, ResourcesToImport } from './deployment/imported-resources.ts';
import { launchTemplatesIn } from './deployment/launch-templates.ts';
import { type Level, readLevels } from './deployment/levels.ts';
import { nestedDigest } from './deployment/nested-templates.ts';
import { observeDeployment } from './deployment/observe.ts';
import { byEffect } from './deployment/order.ts';
import { doubtfulIn, inPlaceIn, type Judging, planChangeSet } from './deployment/plan-change-set.ts';
import { prepareChangeSet } from './deployment/prepare-change-set.ts';
import { changeSetOf, hiddenParameters, referencesIn, StoredDeployment, secretValues } from './deployment/stored.ts';
import { knowledge } from './knowledge/load.ts';
import { throughStack } from './permits.ts';
import { withReach } from './reach/notes.ts';
import { OWNERSHIP_READS } from './reach/reads.ts';
import { reachOf } from './reach/targets.ts';
import { existingStack, stackLifecycle, stackTarget } from './stack/target.ts';
import { keepForUpdate } from './undo/keep-stack.ts';
import { undoOfUpdate } from './undo/stack-undo.ts';

const Capability = z.enum(['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND']);

export default defineChangeTool({
  name: 'cloudformation_deploy_stack',
  title: 'Deploy a stack',
  description:
    'Create or update a CloudFormation stack, or import resources into one. What AWS says it would change decides. May need approval (ticket).',
  toolset: 'cloudformation',
  action: 'cloudformation:ExecuteChangeSet',
  reads: [
    'cloudformation:DescribeStacks',
    'cloudformation:DescribeChangeSet',
    'cloudformation:ListChangeSets',
    'cloudformation:ListExports',
    'cloudformation:ListImports',
    'cloudformation:ListStackResources',
    'cloudformation:GetTemplate',
    'cloudformation:GetTemplateSummary',
    'cloudformation:GetStackPolicy',
    'cloudformation:DescribeStackEvents',
    'cloudformation:CreateChangeSet',
    'cloudformation:DeleteChangeSet',
    'ec2:DescribeLaunchTemplateVersions',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    ...OWNERSHIP_READS,
  ],
  evidence: "its token in the stack's events",
  effects: ['create', 'modify', 'unjudged', 'disrupt', 'expose', 'weaken', 'replace', 'delete', 'unknown'],
  refusals: {
    invalid_input:
      'the template can not be read, there is none or more than one, it has a macro or a mask out of its place, a resource to import is not in it or has no DeletionPolicy, or the reason or a tag repeats a secret parameter',
    not_found: 'there is no stack of that ARN, or a launch template names a subnet or group that is gone',
    wrong_state: 'the stack is being changed, or is in a state that AWS does not update',
    no_changes: 'the stack is already as asked',
    planning_failed: 'AWS could not make the change set',
  },
  input: z.strictObject({
    stack_name: StackNameOrArn,
    template_body: z.string().optional().describe('YAML or JSON'),
    use_previous_template: z.boolean().optional().describe('Instead of template_body'),
    parameters: Parameters.optional().describe('Others keep their value'),
    tags: Tags.optional().describe('All tags; left out, they stay'),
    capabilities: z.array(Capability).optional(),
    resources_to_import: ResourcesToImport.optional(),
    region: Region.optional(),
    rehearse: Rehearse.optional(),
    reason: Reason,
  }),
  log: {
    stack_name: 'shown',
    template_body: { sha256_as: 'template_sha256' },
    use_previous_template: 'shown',
    parameters: 'left_out',
    tags: 'shown',
    capabilities: 'shown',
    resources_to_import: 'shown',
    region: 'shown',
    rehearse: 'shown',
    reason: 'shown',
  },

  takes_masks: ['template_body', 'parameters'],
  only_names: ['resources_to_import'],

  stored: StoredDeployment,
  record(input, hideSecret, { cloudformation }) {
    const { stack_name, template_body, use_previous_template, parameters, tags, capabilities, resources_to_import } =
      input;
    const template = template_body === undefined ? undefined : cloudformation.readTemplate(template_body);
    const references = parameters && referencesIn(parameters);
    return {
      stack_name,
      ...(template ? { template_sha256: template.sha256, template_bytes: template.bytes } : {}),
      ...(use_previous_template ? { use_previous_template: true as const } : {}),
      ...(parameters ? { parameters: hiddenParameters(parameters, template, hideSecret) } : {}),
      ...(references ? { references } : {}),
      ...(tags ? { tags } : {}),
      ...(capabilities ? { capabilities: [...new Set(capabilities)].sort() } : {}),
      ...(resources_to_import ? { resources_to_import } : {}),
    };
  },

  async secrets({ stack_name, template_body, parameters = {} }, readers) {
    const { cloudformation } = readers;
    if (template_body !== undefined) return secretValues(parameters, cloudformation.readTemplate(template_body));
    const { stack_id } = await existingStack(stack_name, readers);
    return secretValues(parameters, await cloudformation.template(stack_id));
  },

  names: ['stack_name'],
  makes: CHANGE_SET,
  prepare: prepareChangeSet,

  async plan(stored, readers, made, tagRules) {
    const ref = changeSetIn(made);
    if (!ref) throw new HoldshortError('planning_failed', 'there is no change set', 'ask again');
    const changeSet = await readers.cloudformation.changeSet(ref.stack_id, ref.id);
    if (!changeSet) {
      throw new HoldshortError(
        'planning_failed',
        'the change set is gone: another one may have been executed',
        'ask again',
      );
    }
    const stack = await existingStack(ref.stack_id, readers);
    const known = await knowledge();
    const levels = await withOpinions(
      await readLevels(changeSet, stack, readers, stored.parameters),
      { knowledge: known, tagRules },
      readers,
    );
    const launched = await launchTemplatesIn(levels, readers);
    const { summary, impact, reached } = planChangeSet({ stored, levels, knowledge: known, tagRules, live: ref.live });
    const reach = await reachOf([...reached, ...launched.reached], changedIn(levels), stack, readers, tagRules);
    const told = [...withReach(impact, reach), ...launched.impact].sort(byEffect);
    const { present, future } = levels[0];
    const undo = present && isDestroying(told) && undoOfUpdate(stack, { present, future }, stored, told);
    return {
      summary,
      targets: [
        // Classification mustn't rest on tags that the call itself brings; emulators show them on a stack that isn't
        // created yet.
        stackTarget(stack, levels[0].creating ? {} : stack.tags),
        ...importTargets(levels),
        ...launched.targets,
        ...reach.targets,
      ],
      impact: told,
      lifecycle: stackLifecycle(stack, levels[0].creating ? 'create' : 'update'),
      ...(undo ? { undo } : {}),
      service_role: stack.role_arn,
      guard: {
        ...deploymentGuard(levels),
        nested_templates: await nestedDigest(levels, readers),
        launch_templates: launched.digest,
      },
    };
  },

  keep: keepForUpdate,

  permits(plan) {
    const { id, stack_id } = changeSetOf(plan);
    // AWS's pages don't say whether the name is compared or the ARN that was given.
    const names = [changeSetName(plan.ticket), id];
    return throughStack('cloudformation:ExecuteChangeSet', stack_id, {
      StringEquals: { 'cloudformation:ChangeSetName': names },
    });
  },

  async execute(plan, { cloudformation }, { token }) {
    const { id: arn, stack_id } = changeSetOf(plan);
    await cloudformation.executeChangeSet({ change_set_arn: arn, stack_id, token });
  },

  observe: observeDeployment,
  discard: discardChangeSet,
});

/** What there is of the stack already, and is changed, replaced or removed. */
function changedIn(levels: readonly Level[]): readonly NamedThing[] {
  return levels
    .flatMap(({ changeSet, removed }) => [
      ...changeSet.changes.filter(({ action }) => action !== 'Add' && action !== 'Import'),
      ...[...removed.values()].flat(),
    ])
    .flatMap(({ physical_id, type }) => (physical_id ? [{ name: physical_id, type }] : []));
}

/** The template has the last word only where the change set's is milder. */
async function withOpinions<L extends readonly Level[]>(
  levels: L,
  judging: Judging,
  { cloudformation }: Readers,
): Promise<L> {
  const asked = levels.map(async (level) => {
    const { stack, creating, changeSet } = level;
    const logical_ids = doubtfulIn(level, judging);
    if (logical_ids.length === 0) return level;
    const which = { logical_ids, in_place: inPlaceIn(changeSet, logical_ids) };
    const question = { stack_id: stack.stack_id, change_set_id: changeSet.change_set_id, creating, ...which };
    return { ...level, opinions: await cloudformation.secondOpinion(question) };
  });
  return (await Promise.all(asked)) as unknown as L;
}
