import { DescribeInstancesCommand, type Instance } from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import { approve } from '../scenes/front-door.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/** A scene in which changes of EC2's things are run and taken back. */
export interface Ec2Scene extends Scene {
  /** Runs it as far as it goes, with a person's yes where it is held. @returns the ticket's id */
  done(tool: string, args: Record<string, unknown>): Promise<string>;
  /** What a ticket that waits for its decision says of the way back. */
  told(tool: string, args: Record<string, unknown>): Promise<{ readonly id: string; readonly undo: any }>;
  /** Says yes to it, and waits until it has run. */
  run(id: string): Promise<void>;
  instance(id: string): Promise<Instance>;
}

export async function ec2Scene(seed: Parameters<typeof setScene>[0], config = ''): Promise<Ec2Scene> {
  const scene = await setScene(seed, { approvers: ['ann'], latencyMs: 0, speed: 5, config });
  scene.place.start(['executor']);
  const decided = async (ticket: { id: string; digest: string; state: string }) => {
    if (ticket.state === 'pending') await approve(scene.place, ticket, 'ann');
    expect(await scene.settled(ticket.id)).toBe('succeeded');
    return ticket.id;
  };
  const shown = (id: string) => scene.agent.call('ticket_get', { ticket_id: id });
  return {
    ...scene,
    done: async (tool, args) => await decided(await scene.ask(tool, args)),
    async told(tool, args) {
      const { id, state } = await scene.ask(tool, args);
      expect(state).toBe('pending');
      return { id, undo: (await shown(id)).plan.undo };
    },
    run: async (id) => void (await decided((await shown(id)).ticket)),
    async instance(id) {
      const { Reservations } = await scene.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
      return Reservations?.[0]?.Instances?.[0] ?? {};
    },
  };
}
