import type { TestProject } from 'vitest/node';
import { quickest } from '../require-build.ts';
import { TEMPLATE } from '../scenes/postgres.ts';
import { fromNpm, MISSING, makeTemplate, startServer } from '../store/postgres/server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the server's socket. */
    postgres: string;
  }
}

/** One server for all files of a run that are on PostgreSQL. @returns what is done after the last test */
export default async function prepare(project: TestProject): Promise<() => Promise<void>> {
  const program = fromNpm();
  if (!program) throw new Error(MISSING);
  // Each place has a database and connections of its own.
  const server = await startServer(program, ['max_connections=500'], quickest());
  await makeTemplate(server, TEMPLATE);
  project.provide('postgres', server.folder);
  return () => server.stop();
}
