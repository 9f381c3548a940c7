import { expect, test } from 'vitest';
import { startCloud } from '../scenes/cloud.ts';
import { makePlace, REASON, TAKES_KEY } from '../scenes/front-door.ts';
import { startHub, tokenOf, withIssuer } from '../scenes/hub.ts';

const CONFIG = `${TAKES_KEY}environments:\n  - { name: sandbox, match: { regions: ["eu-west-1"] } }\n`;

test('the unknown outcome of a login that is bound to nobody is settled by an admin, and by nobody else', async () => {
  await using cloud = await startCloud({ instances: [{ count: 1 }] });
  await using place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  const cli = async (...args: string[]) => expect(await place.cli(args)).toMatchObject({ code: 0 });
  await cli('approvers', 'enroll', 'noa', '--no-passphrase');
  await cli('approvers', 'enroll', 'ana', '--no-passphrase', '--as', 'noa');
  await cli('approvers', 'enroll', 'ida', '--no-passphrase', '--role', 'admin', '--as', 'noa');
  const { issuer, url } = await withIssuer(place, CONFIG);
  const hub = await startHub(place, url, { args: ['--executor'] });
  const stranger = await hub.client(await tokenOf(issuer, url, { sub: 'stranger' }));
  const { instances } = await stranger.call('ec2_describe_instances');
  await cloud.fault({ action: 'RebootInstances', mode: 'drop_before' });
  await cloud.fault({ action: 'LookupEvents', mode: 'error_before', times: 1000 });
  const reboot = { instance_ids: [instances[0].instance_id], reason: REASON };
  const { ticket } = await stranger.call('ec2_reboot_instances', reboot);
  expect(ticket).toMatchObject({ state: 'unknown' });

  const shown = JSON.stringify(await place.json(['tickets', 'show', ticket.id]));
  const digestOf = (name: string) => new RegExp(`"${name}":"([0-9a-f]{64})"`).exec(shown)?.[1] ?? '';
  const says = (who: string) => {
    const seen = ['--digest', digestOf('digest'), '--seen', digestOf('seen')];
    const what = ['tickets', 'resolve', ticket.id, '--as-happened', '--reason', 'it is up since noon'];
    return place.cli([...what, '--as', who, '--yes', ...seen]);
  };
  expect((await place.cli(['tickets', 'show', ticket.id])).stdout).toContain(
    'an admin to whom the login was never bound',
  );
  expect(await says('ana')).toMatchObject({ code: 3, stderr: expect.stringContaining('let such an admin say it') });
  await cli('approvers', 'bind', 'ida', `--issuer=${issuer.issuer}`, '--subject=stranger', '--as', 'noa');
  expect(await says('ida')).toMatchObject({ code: 3, stderr: expect.stringContaining('the agent works for ida') });
  expect(await says('noa')).toMatchObject({ code: 0, stdout: expect.stringContaining('Resolved by noa') });
  // It is what it was said to be, whatever is said of the login later.
  await cli('approvers', 'unbind', 'ida', `--issuer=${issuer.issuer}`, '--subject=stranger', '--as', 'noa');
  expect((await place.json(['tickets', 'show', ticket.id])).ticket).toMatchObject({ state: 'resolved' });
  expect(await place.cli(['audit', 'verify'])).toMatchObject({ code: 0 });
}, 120_000);
