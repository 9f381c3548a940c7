import { isDestructive } from '../src/kernel/effects.ts';
import type { Tool } from './define.ts';

/**
 * Annotations that a client may show (MCP `ToolAnnotations`); they follow from what a tool declares, it can't set them.
 */
export interface Annotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/**
 * A plan with an effect that its tool doesn't declare is refused (src/server/weighing.ts), so a tool can't be announced
 * as milder than it is. Doing a change twice has no further effect where asking for what is so already is refused.
 */
export function annotationsOf(tool: Tool): Annotations {
  return {
    readOnlyHint: tool.kind === 'read' || (tool.kind === 'ticket' && tool.readOnly),
    destructiveHint: tool.kind === 'restore' || (tool.kind === 'change' && tool.effects.some(isDestructive)),
    idempotentHint: tool.kind !== 'restore' && (tool.kind !== 'change' || tool.refusals.no_changes !== undefined),
    openWorldHint: tool.kind !== 'ticket',
  };
}
