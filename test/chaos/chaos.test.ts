import { EC2Client, StartInstancesCommand, StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { REASON, until } from '../scenes/front-door.ts';
import { done } from '../scenes/here.ts';
import { directClient } from '../scenes/storage.ts';
import { fromNpm, MISSING } from '../store/postgres/server.ts';
import { OTHERS } from '../torture/kind.ts';
import { type Asked, judge } from './judge.ts';
import { ENDED, look, play } from './play.ts';
import { APPROVERS, makeTeam } from './team.ts';

/* The short form of `npm run chaos`; and that its judge sees what it is there for. */

const program = fromNpm();
if (!program) console.warn(`skipped: chaos: ${MISSING}`);

test.skipIf(!program)(
  'hubs, executors on clocks ten minutes apart and the database killed, and an older copy put back: nothing twice, lost or false',
  async () => {
    if (!program) return;
    const victims = ['executor', 'hub', 'database', 'executor', 'hub', 'older copy', 'executor', 'hub'] as const;
    const played = await play({ program, kills: victims.length, seed: 1, victims });
    expect(played.findings).toEqual([]);
    expect(played.kills).toEqual({ hub: 3, executor: 3, database: 1, 'older copy': 1 });
    expect(played.states.succeeded).toBeGreaterThan(0);
    expect(played.requests).toBeGreaterThan(0);
  },
  600_000,
);

test.skipIf(!program)(
  'the judge finds an effect that is lost, one of no ticket, and one that was asked for twice',
  async () => {
    if (!program) return;
    await using team = await makeTeam(program, 3);
    const agent = team.agents[0]!;
    const [first = '', second = '', third = ''] = team.instances;
    const tool = 'ec2_stop_instances';
    const { ticket } = await agent.call(tool, { instance_ids: [first], reason: REASON });
    await done(team.desk, 'approve', ticket.id, '--yes', '--digest', ticket.digest, '--as', APPROVERS[0]);
    const { id, digest, state } = ticket;
    const one: Asked = { id, digest, state, tool, instance: first, agent: 0 };
    const finish = async () =>
      void (await until(
        () => look(team, one),
        () => ENDED.has(one.state),
      ));
    expect((await judge(team, [one], finish)).findings).toEqual([]);
    const others = new EC2Client({ ...OTHERS, endpoint: team.cloud.endpoint, region: 'eu-west-1' });
    await others.send(new StartInstancesCommand({ InstanceIds: [first] }));
    others.destroy();
    const direct = directClient(team.cloud.endpoint);
    for (let times = 0; times < 2; times += 1) await direct.send(new StopInstancesCommand({ InstanceIds: [second] }));
    // Neither what its ticket asks for, nor of a ticket that anyone was told of.
    await direct.send(new TerminateInstancesCommand({ InstanceIds: [third] }));
    direct.destroy();
    const found = (await judge(team, [one], finish)).findings.map(({ fault }) => fault);
    expect(found.sort()).toEqual(['double', 'false', 'false', 'lost']);
  },
  300_000,
);
