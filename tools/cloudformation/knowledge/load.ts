import type { Knowledge } from './language.ts';

/** What was reviewed of CloudFormation's types. It is read when it is first asked for: starting costs nothing. */
export async function knowledge(): Promise<Knowledge> {
  return (await import('./all.ts')).KNOWLEDGE;
}
