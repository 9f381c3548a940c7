import { context, metrics, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { HoldshortError } from '../kernel/errors.ts';
import type { Counted, Facts, Spanned, Telemetry, Timed } from './telemetry.ts';

const SCOPE = 'holdshort';

const KINDS: Partial<Record<Spanned, SpanKind>> = { call: SpanKind.SERVER, request: SpanKind.CLIENT };

const COUNTERS = {
  calls: 'calls of agents, by tool and outcome',
  refusals: 'what was refused, by code',
  tickets: 'tickets that reached a state',
} as const satisfies Record<Counted, string>;

const TIMES = {
  time_to_decision: 'from when a ticket waits until it is approved or denied',
  decision_to_wire: 'from the approval until the first request is about to leave',
} as const satisfies Record<Timed, string>;

/** In seconds: a person decides within minutes or days, an executor begins within one. */
const BOUNDS = {
  time_to_decision: [5, 15, 60, 300, 900, 3_600, 14_400, 86_400, 604_800],
  decision_to_wire: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120, 600],
} as const satisfies Record<Timed, readonly number[]>;

/** Of the facts those by which numbers are kept apart: not what is different each time. */
const BY: readonly (keyof Facts)[] = ['tool', 'outcome', 'code', 'state', 'environment'];

/** Names of ours, regions and numbers are like this; text of an agent's, a person's or AWS's mostly isn't. */
const PLAIN = /^[a-z0-9_-]{1,64}$/;

/** By the API, which hands it on to the SDK that this process was started with. */
export function overOpenTelemetry(version: string): Telemetry {
  const tracer = trace.getTracer(SCOPE, version);
  const meter = metrics.getMeter(SCOPE, version);
  const counters = mapOf(COUNTERS, (name, description) => meter.createCounter(`holdshort.${name}`, { description }));
  const times = mapOf(TIMES, (name, description) =>
    meter.createHistogram(`holdshort.ticket.${name}`, {
      description,
      unit: 's',
      advice: { explicitBucketBoundaries: [...BOUNDS[name]] },
    }),
  );
  return {
    async span<T>(name: Spanned, facts: Facts, work: () => Promise<T>, traceparent?: unknown): Promise<T> {
      const options = { kind: KINDS[name] ?? SpanKind.INTERNAL, attributes: attributesOf(facts) };
      let working: Promise<T> | undefined;
      quietly(() => {
        const parent = parentOf(traceparent);
        const span = tracer.startSpan(`holdshort.${name}`, options, parent);
        context.with(trace.setSpan(parent, span), () => {
          working = inSpan(span, work);
        });
      });
      return await (working ?? work());
    },
    tell: (facts) => quietly(() => trace.getActiveSpan()?.setAttributes(attributesOf(facts))),
    count: (what, facts) => quietly(() => counters[what].add(1, labelsOf(facts))),
    time: (what, ms, facts) => quietly(() => times[what].record(Math.max(ms, 0) / 1_000, labelsOf(facts))),
  };
}

/** An SDK that throws must not make a request that was sent, or a ticket that was opened, look as if it weren't. */
function quietly(tell: () => unknown): void {
  try {
    tell();
  } catch {
    // Its operator sees that nothing comes of it.
  }
}

async function inSpan<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Its code alone: what an error says quotes names, arguments and what AWS answered.
    const code = error instanceof HoldshortError ? error.code : 'internal';
    quietly(() => {
      span.setAttributes(attributesOf({ code }));
      span.setStatus({ code: SpanStatusCode.ERROR });
    });
    throw error;
  } finally {
    quietly(() => span.end());
  }
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * What instrumentation of this process's own began goes on; without that the caller's trace. Of a caller nothing but
 * these two numbers and one bit is taken: `tracestate` and `baggage` are text of an agent's own choosing.
 */
function parentOf(traceparent: unknown) {
  const here = context.active();
  if (trace.getSpanContext(here) || typeof traceparent !== 'string') return here;
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(traceparent) ?? [];
  if (/^0*$/.test(traceId) || /^0*$/.test(spanId)) return here;
  return trace.setSpanContext(here, { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true });
}

function attributesOf(facts: Facts) {
  return kept(facts, Object.keys(facts) as (keyof Facts)[]);
}

function labelsOf(facts: Facts) {
  return kept(facts, BY);
}

function kept(facts: Facts, names: readonly (keyof Facts)[]): Record<string, string | number> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = facts[name];
      const plain = typeof value === 'number' || (typeof value === 'string' && PLAIN.test(value));
      return plain ? [[`holdshort.${name}`, value]] : [];
    }),
  );
}

function mapOf<K extends string, T>(texts: Record<K, string>, make: (name: K, text: string) => T): Record<K, T> {
  const entries = Object.entries(texts) as [K, string][];
  return Object.fromEntries(entries.map(([name, text]) => [name, make(name, text)])) as Record<K, T>;
}
