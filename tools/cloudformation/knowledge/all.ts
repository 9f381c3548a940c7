import type { Service, TypeKnowledge } from './language.ts';
import { SQS } from './sqs.ts';

const SERVICES: readonly Service[] = [SQS];

/** All that was reviewed, by type. */
export const KNOWLEDGE: ReadonlyMap<string, TypeKnowledge> = new Map(
  SERVICES.flatMap((service) => Object.entries(service)),
);
