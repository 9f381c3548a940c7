import type { Tool } from './define.ts';
import { TOOLS } from './index.ts';

/** What commands, configuration and policy say of a tool without loading any. */
export type ListedTool = Pick<Tool, 'name' | 'kind' | 'toolset'> & {
  /** Those of its targets' names that rules of environments may match. */
  readonly names: readonly `${string}_name`[];
};

/**
 * All tools. In the built command this is what it comes to, put there by `build.ts`: to make 3,000 schemas takes longer
 * than most commands run.
 */
export const LISTED: readonly ListedTool[] = TOOLS.map((tool) => ({
  name: tool.name,
  kind: tool.kind,
  toolset: tool.toolset,
  names: (tool.kind === 'change' && tool.names) || [],
}));
