import { HoldshortError } from '../kernel/errors.ts';

/** Everything that may say where the store is. */
interface StoreSources {
  /** `--store` */
  readonly given: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `store` of the configuration. */
  readonly configured: string | undefined;
  /** `--sandbox` */
  readonly sandbox: boolean;
}

/**
 * Where the store is, when it is a PostgreSQL database; undefined for the file in the state folder. What is said of one
 * command counts before what is said of a terminal, and that before the configuration. The sandbox's tickets are in a
 * folder of its own, whatever environment and configuration say.
 * @throws usage
 */
export function storeAddress({ given, env, configured, sandbox }: StoreSources): string | undefined {
  if (!sandbox) return given ?? (env.HOLDSHORT_STORE || configured);
  if (given === undefined) return undefined;
  throw new HoldshortError(
    'usage',
    'the tickets of the embedded cloud are in a folder of their own, not in a database',
    'leave out --store, or --sandbox',
  );
}
