import { parseStored } from './stored-json.ts';

/** A log entry as it was read back: only what each one has is checked. */
export interface ParsedEntry {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly actor?: unknown;
  readonly session?: unknown;
  readonly ticket?: unknown;
  readonly tool?: unknown;
  readonly detail: { readonly [key: string]: unknown };
}

/** Undefined for what is no log entry. */
export function parseEntry(text: string): ParsedEntry | undefined {
  try {
    const entry = parseStored(text) as ParsedEntry;
    const { at, type, detail } = entry;
    const readable =
      typeof at === 'string' && typeof type === 'string' && typeof detail === 'object' && detail !== null;
    return readable ? entry : undefined;
  } catch {
    return undefined;
  }
}
