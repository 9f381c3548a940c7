import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makePlace, until } from '../scenes/front-door.ts';
import { startHub, tokenOf, withIssuer } from '../scenes/hub.ts';

test('a hub without the file that names the first key is not ready, and says why', async () => {
  await using place = makePlace({});
  await place.cli(['approvers', 'enroll', 'noa', '--no-passphrase']);
  const { issuer, url } = await withIssuer(place);
  const hub = await startHub(place, url);
  const ready = async () => (await fetch(`${url}/readyz`)).status;
  const root = join(place.home, 'keys', 'root.json');
  renameSync(root, `${root}.away`);
  await until(ready, (status) => status === 503);
  expect(hub.said()).toContain('root.json');
  const headers = { authorization: `Bearer ${await tokenOf(issuer, url)}` };
  expect((await hub.post({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, headers)).status).toBe(503);
  renameSync(`${root}.away`, root);
  await until(ready, (status) => status === 200);
});
