import type { ChangeTool } from '../../tools/define.ts';
import { hideGiven } from '../../tools/ports/credentials.ts';
import type { Keepers, ToKeep } from '../../tools/ports/keepers.ts';
import { HIDDEN } from '../../tools/ports/masks.ts';
import { hiddenValues } from '../aws/template/hidden-values.ts';
import { importsIn, nestedOutputsIn } from '../aws/template/named-elsewhere.ts';
import { redactTemplate } from '../aws/template/redaction.ts';
import { readStoredTemplate } from '../aws/template/template.ts';
import type { Finding } from '../kernel/rehearsal.ts';
import type { Copy } from '../sandbox/copy.ts';
import { addressed, templatesIn } from './addresses.ts';
import { type Asked, carriedOut, type Stage, type Way } from './carry-out.ts';
import { deletedSince, notBack, snapshotOf } from './differences.ts';
import { changeInput, standIn } from './input.ts';
import { changesDiffer, lacks } from './lacks.ts';
import type { Material, Played, Said } from './material.ts';
import { type ModelCloud, startModelCloud } from './model-cloud.ts';
import { TOOLS } from './tools.ts';

/** Why it can't be played at all, in words that may repeat a template. */
class NotPossible extends Error {}

/** Plays a plan and its way back on a copy of its stack, in a cloud that is started for it alone. */
export async function play(material: Material): Promise<Said> {
  const model = await startModelCloud(material.plan);
  try {
    return { said: 'played', played: await playIn(model, material) };
  } catch (error) {
    if (error instanceof NotPossible) return { said: 'not_possible', why: hiding(material)(error.message) };
    throw error;
  } finally {
    await model.close();
  }
}

async function playIn({ aws, copy: copyInto }: ModelCloud, material: Material): Promise<Played> {
  const { plan, stack } = material;
  const readers = await aws.readers(plan.region);
  const keepers = await aws.keepers(plan.region, AbortSignal.timeout(60_000));
  refuseUnplayable(material);
  const { present, future } = addressed(material, readers);
  const copy = copied(() => copyInto({ stack: stack && copiedStack(material), templates: present }));
  const name = plan.targets[0]?.name ?? '';
  const before = await snapshotOf(name, readers, keepers);
  for (const [url, text] of Object.entries(future)) copy.putTemplate(url, text);

  const stage: Stage = { aws, readers, keepers, region: plan.region, ticket: plan.ticket };
  const tool = toolOf(plan.tool);
  const kit = plan.undo && (await kept(tool, material, keepers));
  const differs: string[] = [];
  // The copy's cloud is in this thread, and goes by the same clock.
  const began = new Date().toISOString();
  const change = await carriedOut(stage, {
    tool,
    input: changeInput(material),
    // Planned by AWS's answers already, for the stack that the copy is of.
    planned: plan,
    async seen(made) {
      if (!material.change_set || !made) return;
      differs.push(...changesDiffer(material.change_set, await keepers.cloudformation.changeSet(made.id)));
    },
  });
  // Those whose templates were replaced at their address come back from what was there.
  for (const [url, text] of Object.entries(present)) copy.putTemplate(url, text);
  const back = kit && (await wayBack(stage, kit, change, material));
  const after = await snapshotOf(name, readers, keepers);
  const hide = hiding(material);
  const failed = [...change.failed, ...(back?.failed ?? [])];
  return {
    change: {
      ended: change.ended,
      detail: hide(change.detail),
      events: change.events.map(({ reason, ...event }) => ({
        ...event,
        ...(reason === undefined ? {} : { reason: hide(reason) }),
      })),
    },
    ...(back ? { way_back: { ended: back.ended, detail: hide(back.detail) } } : {}),
    failed: failed.map((one) => ({ ...one, what: hide(one.what) })),
    not_back: [
      ...notBack(before, after, {
        whole: back?.ended === 'to_its_end',
        deleted: await deletedSince(before, began, readers),
      }),
    ],
    model_lacks: [...differs, ...lacks(material, copy)].map(hide),
  };
}

/** What the kit asks for, call after call, until one fails. */
async function wayBack(stage: Stage, kit: ToKeep, change: Way, { plan }: Material): Promise<Way> {
  if (change.ended !== 'to_its_end') {
    const detail = 'the change itself did not come to its end';
    return { ended: 'not_tried', detail, events: [], failed: [] };
  }
  const failed: Finding[] = [];
  let detail = '';
  for (const [at, { tool: name, arguments: given }] of kit.calls.entries()) {
    const needs = at === 0 ? (plan.undo?.needs ?? []) : [];
    const parameters = {
      ...(given.parameters as Record<string, string> | undefined),
      ...Object.fromEntries(needs.map((one) => [one, standIn(one)])),
    };
    const asked = { ...given, ...(Object.keys(parameters).length > 0 ? { parameters } : {}) };
    const tool = toolOf(name);
    const parsed = tool.input.safeParse({
      ...asked,
      region: stage.region,
      reason: 'it is brought back in a rehearsal',
    });
    if (!parsed.success) {
      const what = `${name} would not take what was kept: ${parsed.error.issues[0]?.message ?? 'another form'}`;
      return { ended: 'failed', detail: what, events: [], failed: [...failed, inWay(plan, what)] };
    }
    const input = parsed.data as Asked['input'];
    const way = await carriedOut({ ...stage, ticket: `${stage.ticket}-back-${at + 1}` }, { tool, input });
    failed.push(...way.failed);
    detail = way.detail;
    if (way.ended !== 'to_its_end') return { ...way, failed };
  }
  return { ended: 'to_its_end', detail, events: [], failed };
}

function inWay({ targets: [target] }: Material['plan'], what: string): Finding {
  return { resource: target?.name ?? 'the stack', type: target?.type ?? '', what };
}

async function kept(tool: ChangeTool, { plan }: Material, keepers: Keepers): Promise<ToKeep | undefined> {
  // It looks at what the plan is about, and at nothing that a plan has besides.
  return await tool.keep?.(plan as Parameters<NonNullable<ChangeTool['keep']>>[0], keepers, []);
}

function toolOf(name: string): ChangeTool {
  const tool = TOOLS.get(name);
  if (!tool) throw new NotPossible(`${name} can not be rehearsed`);
  return tool;
}

function refuseUnplayable(material: Material): void {
  const { plan } = material;
  if (plan.arguments.resources_to_import !== undefined)
    throw new NotPossible('what is to be imported is outside of every stack, and is not copied');
  const macro = templatesIn(material)
    .flatMap((text) => readStoredTemplate(text).transforms)
    .find((name) => name !== 'AWS::LanguageExtensions' && name !== 'Fn::ForEach');
  if (macro !== undefined) throw new NotPossible(`what ${macro} makes of the template, only AWS knows`);
}

function copied(make: () => Copy): Copy {
  try {
    return make();
  } catch (error) {
    throw new NotPossible(`the model can not have the stack as it is: ${error instanceof Error ? error.message : ''}`);
  }
}

function copiedStack({ stack }: Material): NonNullable<Parameters<ModelCloud['copy']>[0]['stack']> | undefined {
  if (!stack) return undefined;
  const { stack_id, stack_name, stack_status, template, parameters, untold_parameters, tags } = stack;
  return {
    id: stack_id,
    name: stack_name,
    status: stack_status,
    template,
    parameters: { ...parameters, ...Object.fromEntries(untold_parameters.map((one) => [one, standIn(one)])) },
    tags,
    capabilities: stack.capabilities,
    role_arn: stack.role_arn,
    notification_arns: stack.notification_arns,
    rollback: stack.rollback,
    policy: stack.stack_policy,
    termination_protection: stack.termination_protection,
    physical_ids: Object.fromEntries(
      stack.resources.flatMap(({ logical_id, physical_id, status }) =>
        physical_id && status !== 'DELETE_COMPLETE' ? [[logical_id, physical_id]] : [],
      ),
    ),
  };
}

/**
 * Without the secrets that are written in the templates. Hidden parameters aren't in the copy. Where a template has one
 * go elsewhere, what the model says may have it in any form, and isn't told.
 */
function hiding(material: Material): (text: string) => string {
  const texts = templatesIn(material);
  const secrets = texts.flatMap((text) => redactTemplate(text, material.plan.ticket).hidden.map(({ value }) => value));
  const values = { ...material.stack?.parameters, ...material.change_set?.parameters };
  const known = { stack_id: material.stack?.stack_id ?? '', values };
  const goOn = texts.some((text) => {
    // What other stacks export isn't in the copy either: what stands there is made up of its name.
    // And what nested stacks hand out is looked at in their own templates.
    const given = { ...known, open_exports: importsIn(text, known), open_outputs: nestedOutputsIn(text) };
    const values = hiddenValues(text, { isHidden: () => false, literals: true, given });
    return values.taken.size > 0 || values.takes(values.template.Outputs);
  });
  return (text) => (goOn && !/^the stack is [A-Z_]+$/.test(text) ? HIDDEN : hideGiven(text, secrets));
}
