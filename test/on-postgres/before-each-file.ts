import { beforeEach, inject } from 'vitest';
import { TESTS } from './apart.ts';

/* Before each file of those that run on PostgreSQL: where that is, and which of its tests are left to the file. */

process.env.HOLDSHORT_TEST_POSTGRES = inject('postgres');

beforeEach(({ task, skip }) => {
  const reason = Object.entries(TESTS).find(([name]) => task.name === name || task.name.startsWith(`${name} `))?.[1];
  if (reason !== undefined) skip(reason);
});
