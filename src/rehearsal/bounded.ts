import { hideCredentials } from '../../tools/ports/credentials.ts';
import { sha256 } from '../kernel/digest.ts';
import type { Finding, Rehearsal } from '../kernel/rehearsal.ts';
import { bounded } from '../kernel/safe-text.ts';
import type { Played } from './material.ts';

/** As many as people read; a plan is stored and shown whole, so that all of it has to fit in. */
const MOST = { events: 40, failed: 20, not_back: 30, model_lacks: 30 };

type Findings = Omit<Extract<Rehearsal, { carried_through: true }>, 'at' | 'carried_through'>;

/** What goes into a plan or a log entry. Whatever the thread says is from outside: a template chose its words. */
export function boundedFindings({ change, way_back, failed, not_back, model_lacks }: Played): Findings {
  const left_out = {
    ...beyond('events', change.events),
    ...beyond('failed', failed),
    ...beyond('not_back', not_back),
    ...beyond('model_lacks', model_lacks),
  };
  return {
    change: {
      ended: change.ended,
      detail: text(change.detail, 300),
      // How it ended tells more than how it began.
      events: change.events.slice(-MOST.events).map(({ resource, type, status, reason }) => ({
        resource: text(resource, 120),
        type: text(type, 120),
        status: text(status, 60),
        ...(reason === undefined ? {} : { reason: text(reason, 200) }),
      })),
    },
    ...(way_back ? { way_back: { ended: way_back.ended, detail: text(way_back.detail, 300) } } : {}),
    failed: failed.slice(0, MOST.failed).map(finding),
    not_back: not_back.slice(0, MOST.not_back).map(finding),
    model_lacks: model_lacks.slice(0, MOST.model_lacks).map((one) => text(one, 200)),
    ...(Object.keys(left_out).length > 0 ? { left_out } : {}),
  };
}

function finding({ resource, type, what }: Finding): Finding {
  return { resource: text(resource, 160), type: text(type, 120), what: text(what, 300) };
}

function text(given: string, limit: number): string {
  return bounded(hideCredentials(given), limit, sha256);
}

function beyond(what: keyof typeof MOST, all: readonly unknown[]): { readonly [name: string]: number } {
  return all.length > MOST[what] ? { [what]: all.length - MOST[what] } : {};
}
