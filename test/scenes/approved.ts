import { createAws } from '../../src/aws/index.ts';
import { amended } from '../../src/kernel/amended.ts';
import { effectsOf } from '../../src/kernel/effects.ts';
import { NO_RULES } from '../../src/kernel/rules.ts';
import type { TicketId } from '../../src/kernel/ticket.ts';
import type { Opening } from '../../src/store/port.ts';
import { connectionTo } from '../../src/store/postgres/address.ts';
import { openPostgresStore } from '../../src/store/postgres/store.ts';
import { connect } from '../../src/store/sqlite/connection.ts';
import { openTicket } from '../../src/store/sqlite/operations/open-ticket.ts';
import { prepareOpening } from '../../src/store/story/opening.ts';
import { TOOLS } from '../../tools/index.ts';
import { schemaDigestOf } from '../../tools/schema.ts';
import { NOTHING_ASKED } from './executor.ts';
import type { Place } from './front-door.ts';
import { newId, openingOf } from './openings.ts';
import { isDatabase } from './postgres.ts';

const REGION = 'eu-west-1';
const REASON = 'each instance gets its tag';

/**
 * A ticket for each instance that tags it, made together as the server makes what policy allows, and the
 * place's policy must: approved at one moment, without a process or a person for each.
 */
export async function tagging(place: Place, instances: readonly string[]): Promise<readonly TicketId[]> {
  const { AWS_ENDPOINT_URL: endpoint } = place.env;
  const aws = createAws({
    ...{ endpoint, region: REGION },
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
  });
  const readers = await aws.readers(REGION);
  const tool = TOOLS.find(({ name }) => name === 'ec2_create_tags');
  if (tool?.kind !== 'change') throw new Error('there is no ec2_create_tags');
  const openings: Opening[] = [];
  for (const [n, instance] of instances.entries()) {
    const draft = { agent: 'bench', tool: tool.name, region: REGION, reason: REASON };
    const input = tool.input.parse({ resources: [instance], tags: { n: String(n) }, reason: REASON });
    const stored = tool.record(input, (secret) => `hidden:${secret.length}`, readers) as Record<string, never>;
    const planned = amended(await tool.plan(stored, readers, undefined, NO_RULES), NOTHING_ASKED);
    const opening = openingOf(Date.now(), {
      ...{ id: newId(), draft, state: 'approved' },
      plan: {
        ...{
          tool_schema: schemaDigestOf(tool),
          arguments: stored,
          account: readers.caller.account,
          circumstances: NOTHING_ASKED,
        },
        ...{ environment: 'sandbox', summary: planned.summary, guard: planned.guard },
        ...(planned.undo && { undo: planned.undo }),
        ...{ targets: [...planned.targets], impact: [...planned.impact], effects: [...effectsOf(planned.impact)] },
        requirement: { approvals: 0, assurance: 'client', operator_may_approve: true },
      },
    });
    openings.push(opening);
  }
  const bench = { agent: 'bench', operator: 'ann', session: 's1' };
  if (isDatabase(place.database)) {
    const store = openPostgresStore({ to: connectionTo(place.database) });
    // Together they are one commit, or a few.
    await Promise.all(openings.map((opening) => store.forAgent(bench).openTicket(opening)));
    await store.close();
    return openings.map(({ id }) => id);
  }
  const location = { file: place.database, clock: Date.now, busyTimeoutMs: 4000, recipients: () => [] };
  const connection = await connect(location);
  try {
    connection.writing(() => {
      for (const opening of openings) openTicket(connection, prepareOpening(bench, opening));
    });
  } finally {
    connection.close();
  }
  return openings.map(({ id }) => id);
}
