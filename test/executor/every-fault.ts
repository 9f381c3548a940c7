import type { FaultRule } from '../../src/sandbox/faults.ts';
import { CHANGE_TOOLS } from './every-change.ts';

/* What may become of the one request of a change, and what the ticket then has to say. */

export type Mode = FaultRule['mode'];

interface Fault {
  readonly happens: 'no' | 'yes' | 'in part';
  /** What AWS says to the request, as far as one can believe it. */
  readonly heard: 'yes' | 'no' | 'nothing';
  /** The rule's own members. */
  readonly with?: Record<string, unknown>;
}

/** `hold_before` is not here: that it happens later is `hold_after` for what looks, and `drop_before` until then. */
export const FAULTS: Readonly<Record<Exclude<Mode, 'hold_before'>, Fault>> = {
  drop_before: { happens: 'no', heard: 'nothing' },
  drop_after: { happens: 'yes', heard: 'nothing' },
  error_before: { happens: 'no', heard: 'nothing' },
  error_after: { happens: 'yes', heard: 'nothing' },
  throttled: { happens: 'no', heard: 'no' },
  hold_after: { happens: 'yes', heard: 'nothing' },
  half_answer: { happens: 'yes', heard: 'nothing' },
  malformed_answer: { happens: 'yes', heard: 'nothing' },
  token_known: { happens: 'yes', heard: 'nothing' },
  stale_reads: { happens: 'yes', heard: 'yes', with: { reads: 3 } },
  part_and_error: { happens: 'in part', heard: 'no', with: { code: 'IncorrectState', status: 400 } },
  part_and_yes: { happens: 'in part', heard: 'yes' },
};
export type FaultMode = keyof typeof FAULTS;
export const MODES = Object.keys(FAULTS) as FaultMode[];

const NAMES = CHANGE_TOOLS;

/** Tools whose requests carry a token that AWS compares with those that it had. */
const WITH_TOKEN = new Set([
  'ec2_run_instances',
  'ec2_create_volume',
  'cloudformation_delete_stack',
  'cloudformation_deploy_stack',
  'cloudformation_continue_update_rollback',
  'cloudformation_rollback_stack',
  'cloudformation_cancel_update_stack',
]);
/** Tools that are asked for several things at once, of which some may be done and others not. */
const OF_SEVERAL = new Set([
  'ec2_stop_instances',
  'ec2_start_instances',
  'ec2_terminate_instances',
  'ec2_reboot_instances',
  'ec2_create_tags',
  'ec2_delete_tags',
]);

/** The faults that only some tools can meet; the others' requests have nothing that it could be about. */
export const LIMITED: Partial<Record<FaultMode, { readonly tools: ReadonlySet<string>; readonly lacks: string }>> = {
  token_known: { tools: WITH_TOKEN, lacks: 'a token' },
  part_and_error: { tools: OF_SEVERAL, lacks: 'a second thing' },
  part_and_yes: { tools: OF_SEVERAL, lacks: 'a second thing' },
};
export const isMeant = (mode: FaultMode, tool: string): boolean => LIMITED[mode]?.tools.has(tool) ?? true;

/** Whose requests AWS's records show by a mark of their own, once they happened. */
const MARKED = new Set([
  'ec2_run_instances',
  'ec2_create_volume',
  'ec2_create_snapshot',
  'ec2_create_image',
  'ec2_create_security_group',
  'cloudformation_continue_update_rollback',
  'cloudformation_rollback_stack',
  'cloudformation_cancel_update_stack',
]);
/** … and for which, without the mark, the state of things says something too. */
const MARKED_OR_SEEN = new Set(['cloudformation_delete_stack', 'cloudformation_deploy_stack']);
/** Does its ticket say how things are, where nobody knows by whom? */
export const isToldByState = (tool: string): boolean => !MARKED.has(tool);

/** What its ticket has to say, whatever others do. */
export function expectedOf(tool: string, mode: FaultMode): 'succeeded' | 'failed' | 'unknown' {
  const { happens, heard } = FAULTS[mode];
  if (heard === 'no') return 'failed';
  if (happens === 'yes')
    return heard === 'yes' || MARKED.has(tool) || MARKED_OR_SEEN.has(tool) ? 'succeeded' : 'unknown';
  // Nothing in EC2 shows a reboot: what AWS said yes to is all there is.
  return happens === 'in part' && tool === 'ec2_reboot_instances' ? 'succeeded' : 'unknown';
}

/** One scene: which fault each tool's request runs into. */
export interface Play {
  readonly name: string;
  readonly faults: ReadonlyMap<string, FaultMode>;
}

const ofOne = (mode: FaultMode): Play => ({
  name: `every change runs into ${mode}`,
  faults: new Map(NAMES.filter((tool) => isMeant(mode, tool)).map((tool) => [tool, mode])),
});

/** Each tool another one, and each fault some tool. */
function ofAll(): Play {
  const faults = new Map<string, FaultMode>();
  const so_far = (mode: FaultMode) => [...faults.values()].filter((taken) => taken === mode).length;
  for (const tool of NAMES) {
    const modes = MODES.filter((mode) => mode !== 'drop_before' && isMeant(mode, tool));
    faults.set(
      tool,
      modes.reduce((least, mode) => (so_far(mode) < so_far(least) ? mode : least)),
    );
  }
  return { name: 'each change runs into another one', faults };
}

export const EVERY_PLAY: readonly Play[] = MODES.map(ofOne);
export const SOME_PLAYS: readonly Play[] = [ofOne('drop_before'), ofAll()];
