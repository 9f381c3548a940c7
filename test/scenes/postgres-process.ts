import { type MessagePort, workerData } from 'node:worker_threads';
import pg from 'pg';

/* The thread that asks a database for `postgres.ts`, which waits. */

const { port, answered } = workerData as { port: MessagePort; answered: Int32Array };

// As SQLite gives them: numbers, and JSON as text.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
for (const json of [pg.types.builtins.JSON, pg.types.builtins.JSONB]) pg.types.setTypeParser(json, (text) => text);

interface Question {
  readonly config: pg.ClientConfig;
  readonly sql: string;
  readonly values: unknown[];
}

/** Asking is as quick as it is often done. */
const open = new Map<string, pg.Client>();

async function clientOf(config: pg.ClientConfig): Promise<pg.Client> {
  const database = config.database ?? '';
  // Databases are made and dropped from there, and nobody may have them open then.
  if (database === 'postgres') {
    await Promise.all([...open.values()].map((client) => client.end()));
    open.clear();
  }
  const name = `${database} ${config.options}`;
  const known = open.get(name);
  if (known) return known;
  const client = new pg.Client(config);
  client.on('error', () => open.delete(name));
  await client.connect();
  open.set(name, client);
  return client;
}

port.on('message', async ({ config, sql, values }: Question) => {
  try {
    const client = await clientOf(config);
    // Several statements without values have several answers.
    const { rows = [], rowCount } = await (values.length > 0 ? client.query(sql, values) : client.query(sql));
    port.postMessage({ rows, changes: rowCount ?? 0 });
  } catch (error) {
    port.postMessage({ error: String(error) });
  }
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
});
