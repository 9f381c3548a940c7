import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { PersonsProvider, present } from '../interop/oauth.ts';

/*
 * A client that knows one address of the hub's and nothing else: an agent's, or a person's chat client. One line of
 * JSON for each thing that it says: its environment, the address at which its person logs in, that it is connected, and
 * the answer to each call, which are lines of JSON too; to `knock`, what another address says to the token that it has.
 */

const [resource = ''] = process.argv.slice(2);
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
say({ environment: process.env });

const callbacks = createServer().listen(0, '127.0.0.1');
await once(callbacks, 'listening');
const callback = `http://localhost:${(callbacks.address() as AddressInfo).port}/callback`;
const provider = new PersonsProvider(async (address) => {
  say({ login: address });
  const [request, response] = await once(callbacks, 'request');
  response.end('You are logged in. Close this window.');
  return new URL(request.url, callback);
}, callback);

const hub = await present(resource, provider);
callbacks.close();
callbacks.closeAllConnections();
say({ tools: await hub.tools(), found: provider.discovery?.authorizationServerUrl });
for await (const line of createInterface({ input: process.stdin })) {
  const { name, args, knock } = JSON.parse(line);
  if (knock === undefined) say({ answer: await hub.said(name, args) });
  else {
    const headers = { authorization: `Bearer ${provider.kept?.access_token}` };
    say({ answer: (await fetch(knock, { method: 'POST', headers })).status });
  }
}
await hub.close();
