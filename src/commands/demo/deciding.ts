import { HoldshortError } from '../../kernel/errors.ts';
import { EXIT } from '../../present/command-result.ts';
import { terminal } from '../print.ts';
import type { AgentAnswer } from './agent.ts';
import { Interrupted } from './interruption.ts';
import type { Stage } from './stage.ts';
import type { Teller } from './teller.ts';

/** What the story is about, and who decides in it. */
export const STACK = 'shop-production';
export const APPROVER = 'dana';

const TRIES = 3;

/**
 * In a terminal the person decides, with the real command; after a typo they are asked once more, without all of it
 * being shown again. Otherwise the digest that was read stands for having looked.
 * @returns false where it wasn't decided
 * @throws Interrupted where they pressed Ctrl-C instead
 */
export async function decideTicket(
  tell: Teller,
  stage: Stage,
  live: boolean,
  verb: 'approve' | 'deny',
  about: AgentAnswer,
  more: readonly string[],
): Promise<boolean> {
  const id = about.ticket?.id ?? '';
  const command = [verb, id, '--as', APPROVER, ...more];
  const looked = ['--yes', '--digest', about.ticket?.digest ?? ''];
  tell.person(`${tell.command} ${verb} ${id.slice(0, 10)}${more.length > 0 ? ` --reason "${more[1]}"` : ''}`);
  const first = await stage.run(live ? command : [...command, ...looked], live);
  if (first.code === EXIT.done) return true;
  if (first.code === EXIT.interrupted) throw new Interrupted(EXIT.interrupted);
  if (!live) tell.holdshort(first.output.trim());
  // Who doesn't deny chose not to.
  if (!live || first.code !== EXIT.refused || verb === 'deny') return false;
  for (let tries = 1; tries < TRIES; tries++) {
    if ((await askAgain(stage.signal)) !== STACK) continue;
    const { code, output } = await stage.run([...command, ...looked]);
    tell.holdshort(output.trim());
    return code === EXIT.done;
  }
  return false;
}

async function askAgain(signal: AbortSignal): Promise<string> {
  try {
    return await terminal(signal).ask(`Once more, to approve it: the target's name (${STACK}): `);
  } catch (error) {
    if (error instanceof HoldshortError) throw new Interrupted(EXIT.interrupted);
    throw error;
  }
}
