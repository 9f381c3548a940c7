import { expect, test } from 'vitest';
import { makePlace } from '../scenes/front-door.ts';
import { isFrozen, listening } from '../scenes/processes.ts';

test.for(['SIGUSR1', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const)(
  'D23: %s, which sudo passes on from whoever started it, neither opens a debugger nor freezes a server',
  async (signal, context) => {
    if (process.platform !== 'linux') return context.skip('looks at processes as only Linux shows them');
    await using place = makePlace();
    const agent = await place.agent();
    expect(await agent.call('ticket_list')).toBeDefined();
    process.kill(agent.pid, signal);
    // Answered after the signal was there.
    expect(await agent.call('ticket_list')).toBeDefined();
    expect({ frozen: isFrozen(agent.pid), listening: listening(agent.pid) }).toEqual({ frozen: false, listening: [] });
    await agent.close();
  },
);
