import type { ChangeAsTold, ChangeSetAsItIs } from '../../tools/ports/cloudformation-keeper.ts';
import { readStoredTemplate } from '../aws/template/template.ts';
import type { Copy } from '../sandbox/copy.ts';
import { templatesIn } from './addresses.ts';
import type { Material } from './material.ts';

/** What the model doesn't have of this change, by name. What it never has, every rehearsal's text says. */
export function lacks(material: Material, { madeUp }: Pick<Copy, 'madeUp'>): readonly string[] {
  const { stack, nested, plan } = material;
  const untold = new Set(stack?.untold_parameters);
  const found = templatesIn(material).flatMap((text) => lacksOf(text, untold));
  return [
    ...new Set([
      ...[...untold].map((name) => `the value of the parameter ${name}, which nobody can read: another one stands in`),
      ...found,
      ...madeUp,
      ...nested.flatMap((one) =>
        'left_out' in one ? [`what is in the nested stack ${one.logical_id}: ${one.left_out}`] : [],
      ),
      ...(stack?.role_arn === undefined ? [] : ['what the service role may do']),
      ...(plan.guard.drift_status === 'DRIFTED' ? ['what was changed by hand: the copy is as the template says'] : []),
    ]),
  ];
}

function lacksOf(text: string, untold: ReadonlySet<string>): readonly string[] {
  const facts = readStoredTemplate(text);
  const custom = Object.entries(facts.resources).filter(
    ([, { type }]) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource',
  );
  const references = new Set(text.match(/\{\{resolve:[^{}\s]{1,150}\}\}/g));
  return [
    ...facts.no_echo_parameters
      .filter((name) => !untold.has(name))
      .map((name) => `the value of the parameter ${name}, which nobody can read: another one stands in`),
    ...facts.looked_up_parameters.map((name) => `the value of the parameter ${name}, which is in Systems Manager`),
    ...custom.map(([id]) => `what the code of the custom resource ${id} does`),
    ...[...references].map((reference) => `what ${reference} stands for`),
    ...facts.hooks.map((name) => `what the hook ${name} does`),
  ];
}

type Changes = Pick<ChangeSetAsItIs, 'changes'> & { readonly nested: Readonly<Record<string, Changes>> };

/** What there is of a nested stack that only the other one would change. */
const NONE: Changes = { changes: [], nested: {} };

/** Where the model's change set isn't AWS's, in nested stacks too: the rehearsal is of another change there. */
export function changesDiffer(aws: Changes, model: Changes, path = ''): readonly string[] {
  const here = new Map(model.changes.map((change) => [change.logical_id, toldText(change)]));
  const there = new Map(aws.changes.map((change) => [change.logical_id, toldText(change)]));
  const ids = new Set([...there.keys(), ...here.keys()]);
  const own = [...ids].flatMap((id) => {
    const [said, played] = [there.get(id) ?? 'no change', here.get(id) ?? 'no change'];
    return said === played ? [] : [`AWS's change set has ${said} of ${path}${id}, the model's ${played}`];
  });
  const stacks = new Set([...Object.keys(aws.nested), ...Object.keys(model.nested)]);
  const inner = [...stacks].flatMap((id) =>
    changesDiffer(aws.nested[id] ?? NONE, model.nested[id] ?? NONE, `${path}${id}/`),
  );
  return [...own, ...inner];
}

function toldText({ action, replacement }: ChangeAsTold): string {
  if (action !== 'Modify') return action.toLowerCase();
  return replacement === 'True'
    ? 'a replacement'
    : replacement === 'Conditional'
      ? 'perhaps a replacement'
      : 'a change';
}
