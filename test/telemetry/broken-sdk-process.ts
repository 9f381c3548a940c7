import { metrics, trace } from '@opentelemetry/api';

/** An SDK of which everything that is called throws, once it is set up. */
const fails = () => {
  throw new Error('this SDK is broken');
};
const broken = () => new Proxy({}, { get: () => fails });

trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan: broken, startActiveSpan: fails }) } as never);
metrics.setGlobalMeterProvider({ getMeter: () => ({ createCounter: broken, createHistogram: broken }) } as never);
