import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Place } from '../front-door.ts';
import { until } from '../front-door.ts';

const SQLITE = createRequire(import.meta.url).resolve('better-sqlite3');

/**
 * Stops a process between the durable intent and the request, from outside: the SDK asks a `credential_process` for credentials before
 * each client's first request, and this one gives none once the database says `executing`.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export function holdCredentials(place: Place) {
  const script = join(place.home, 'aws', 'credentials.cjs');
  const held = join(place.home, 'aws', 'held.pid');
  writeFileSync(
    script,
    `const { renameSync, writeFileSync } = require('node:fs');
const Database = require(${JSON.stringify(SQLITE)});
const db = new Database(${JSON.stringify(place.database)}, { readonly: true });
const executing = db.prepare("SELECT count(*) AS n FROM ticket_overview WHERE state = 'executing'").get().n;
db.close();
if (executing > 0) {
  const held = ${JSON.stringify(held)};
  writeFileSync(held + '.part', String(process.pid));
  renameSync(held + '.part', held);
  setTimeout(() => process.exit(1), 60_000);
} else {
  console.log(JSON.stringify({ Version: 1, AccessKeyId: 'AKIDHELD', SecretAccessKey: 'testing' }));
}
`,
  );
  writeFileSync(
    join(place.home, 'aws', 'config'),
    `[default]\ncredential_process = "${process.execPath}" "${script}"\n`,
  );
  return {
    /** Without keys of its own the SDK goes on to the configuration file. */
    env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    /** Resolves when the writer waits for its credentials. */
    reached: () => until(() => existsSync(held), Boolean),
    release() {
      try {
        process.kill(Number(readFileSync(held, 'utf8')));
      } catch {
        // It ended with the process that had asked.
      }
    },
  };
}
