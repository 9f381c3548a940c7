import type { Command } from 'commander';
import { jsonOption, type Look } from './options.ts';

interface StoreOptions {
  readonly json?: boolean;
}

const HELP = `
URL is postgres://LOGIN@HOST/DATABASE, or what --store, HOLDSHORT_STORE or the
configuration says. A password is in the file that PGPASSFILE names.`;

/** The database of a store that several hosts share. */
export function registerStore(program: Command, look: Look): void {
  const store = program.command('store').description('the PostgreSQL database that several hosts share');
  const verb = (name: 'check' | 'migrate', description: string) =>
    store
      .command(`${name} [url]`)
      .description(description)
      .addOption(jsonOption())
      .addHelpText('after', HELP)
      .action((url: string | undefined, options: StoreOptions) =>
        look(options, async (start) => {
          const { requireAddress, storeCheck, storeMigrate } = await import('./store.ts');
          return await (name === 'check' ? storeCheck : storeMigrate)(await requireAddress(url, start));
        }),
      );
  verb('check', 'what this login may do there, and whether the schema is as it was made');
  verb('migrate', 'make the schema, or bring it up to this version');
}
