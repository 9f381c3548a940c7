import type { ChangeTool, Planned, Readers } from '../../tools/define.ts';
import type { Json } from '../kernel/digest.ts';
import type { Made } from '../kernel/plan.ts';
import { type Restores, UNDO_EXISTS } from '../kernel/undo.ts';
import type { PolicyEngine, PolicyQuestion } from '../policy/engine.ts';
import { type Weighing, weigh } from './weighing.ts';

interface Call {
  readonly stored: Readonly<Record<string, Json | undefined>>;
  readonly readers: Readers;
  readonly made?: Made | undefined;
  readonly restores?: Restores | undefined;
}

/**
 * Plans a call as it was made; or, where policy refuses it just because no snapshot of what it deletes is taken first,
 * as the same call that takes one of each: who asked for it needn't know what policy asks.
 */
export async function plannedAsAsked(
  weighing: Weighing,
  tool: ChangeTool,
  { stored, readers, made, restores }: Call,
): Promise<{ readonly stored: Record<string, Json>; readonly planned: Planned }> {
  const rules = await weighing.rules();
  const planned = await tool.plan(stored, readers, made, rules);
  const given = defined(stored);
  const { account, region } = readers.caller;
  if (!tool.snapshotFirst || planned.snapshot_first) return { stored: given, planned };
  const { policy, question, requirement } = await weigh(
    weighing,
    tool,
    given,
    planned,
    { account, region },
    { restores },
  );
  if (requirement || !asksForSnapshots(policy, question)) return { stored: given, planned };
  const first = tool.snapshotFirst(stored);
  return { stored: defined(first), planned: await tool.plan(first, readers, made, rules) };
}

/** Is it permitted with snapshots, and not without, however much of it could be brought back? */
function asksForSnapshots(policy: PolicyEngine, question: PolicyQuestion): boolean {
  const permitted = (snapshot_first: boolean, undo: PolicyQuestion['undo']) =>
    policy.requirement({ ...question, snapshot_first, undo }) !== undefined;
  return UNDO_EXISTS.some((undo) => permitted(true, undo) && !permitted(false, undo));
}

function defined(stored: Call['stored']): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(stored).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
