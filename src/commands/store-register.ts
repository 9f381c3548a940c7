import type { Command } from 'commander';
import { jsonOption, type Look, type Run } from './options.ts';

interface StoreOptions {
  readonly json?: boolean;
}

const HELP = `
URL is postgres://LOGIN@HOST/DATABASE, or what --store, HOLDSHORT_STORE or the
configuration says. A password is in the file that PGPASSFILE names.`;

const COPY_HELP = `
Interrupted, it is run again as it was. Nothing may be under way. Each host's
configuration names the database and the anchor afterwards.`;

/** The database of a store that several hosts share. */
export function registerStore(program: Command, run: Run, look: Look): void {
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
  store
    .command('copy')
    .description('move the tickets and the log of a file (holdshort.db) into such a database; the file is sealed')
    .requiredOption('--from <FILE>', 'holdshort.db of the state folder')
    .option('--to <URL>', 'an empty database that `store migrate` has made, with the login that made it')
    .option('--cancel', 'take back one that was interrupted: the file is the store again')
    .addOption(jsonOption())
    .addHelpText('after', COPY_HELP)
    .action((options: StoreOptions & { from: string; to?: string; cancel?: boolean }) =>
      run(options, async (installation) => {
        const { storeCopy } = await import('./store-copy.ts');
        return await storeCopy(installation, options);
      }),
    );
}
