import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/present/command-result.ts';
import { pageOfHubs, secretIn } from '../../hub/peoples.ts';
import { type Cloud, startCloud } from '../../scenes/cloud.ts';
import { makePlace, REASON } from '../../scenes/front-door.ts';
import { done, enroll, requested } from '../../scenes/here.ts';
import { startHub, tokenOf, withIssuer } from '../../scenes/hub.ts';
import { authenticator, passkeyRequest } from '../../scenes/passkey.ts';
import { fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const program = fromNpm();
if (!program) console.warn(`skipped: passkeys after a store was moved: ${MISSING}`);

/** The page of one machine. */
const OWN_PAGE = 'http://localhost:4173';

describe.skipIf(!program)("a passkey of one machine's page, once the store was moved and hubs have the page", () => {
  let server: Server;
  let cloud: Cloud;
  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
    cloud = await startCloud({ instances: [{ count: 1 }] });
  }, 120_000);
  afterAll(async () => {
    await cloud?.[Symbol.asyncDispose]();
    await server?.stop();
  });

  it('is named at the end of the move and on the page that does not offer it; its person makes another, and approves', async () => {
    await using place = makePlace({ endpoint: cloud.endpoint, config: 'anchor: ./anchor\n' });
    mkdirSync(join(place.home, 'anchor'), { mode: 0o700 });
    for (const [name, by] of [['noa'], ['mara', 'noa']] as const) await enroll(place, name, by);
    for (const name of ['ida', 'leo']) {
      const { key, signed } = passkeyRequest(name, authenticator('ec', { origin: OWN_PAGE }), OWN_PAGE);
      await requested(place, signed);
      await done(place, 'approvers', 'enroll', name, '--key', key, '--yes', '--as', 'noa');
    }
    const database = await makeDatabase(server, 'template');
    const to = server.address('postgres', database);
    const copied = await place.cli(['store', 'copy', '--from', place.database, '--to', to]);
    expect(copied, copied.stderr).toMatchObject({ code: EXIT.done });
    expect(copied.stdout).toMatch(
      /Passkeys that were made on localhost count on this machine's own page only: ida, leo\./,
    );
    expect(copied.stdout).toContain('each of them makes a new one there, and an admin enrolls it');

    const store = `store: ${server.address('hub', database)}\nanchor: ./anchor\n`;
    const { issuer, url } = await withIssuer(place, store);
    const bound = [`--issuer=${issuer.issuer}`, '--subject=mara-1', '--as', 'noa'];
    await done(place, 'approvers', 'bind', 'mara', ...bound);
    const hub = await startHub(place, url);
    const agent = await hub.client(await tokenOf(issuer, url));
    const [{ instance_id }] = (await agent.call('ec2_describe_instances')).instances;
    const asking = { instance_ids: [instance_id], reason: REASON };
    const { ticket } = await agent.call('ec2_stop_instances', asking);
    const page = pageOfHubs(place, url, [Number(new URL(url).port)]);
    const path = `/tickets/${ticket.id}`;
    const s = secretIn(ticket.review_url);
    const looked = async () => (await page.look(0, `${path}?s=${s}`)).body;

    expect(await looked()).toContain('No passkey is enrolled for this page yet');
    const { key, responseTo } = await page.withPasskey('ida');
    const shown = await looked();
    expect(shown).toMatch(/<option value="SHA256:[^"]*">ida - /);
    expect(shown).not.toMatch(/<option[^>]*>leo - /);
    const note = /Not offered here:[^\n]*/.exec(shown)?.[0] ?? '';
    expect(note).toMatch(/leo, whose passkey was registered at <code>http:\/\/localhost:4173<\/code>/);
    expect(note).not.toContain('ida');
    expect(shown.match(/<option value="SHA256:/g)).toHaveLength(1);

    const chosen = { s, digest: ticket.digest, decision: 'approve', key, reason: '' };
    const asked = await page.ask(0, `${path}/question`, chosen);
    const answer = { s, question: asked.answer.question, response: responseTo(asked.answer) };
    expect(await page.ask(0, `${path}/answer`, answer)).toMatchObject({ status: 200 });
    expect((await agent.call('ticket_get', { ticket_id: ticket.id })).ticket.state).toBe('approved');
    // What is to be typed is told for whoever reads it, wherever they are.
    const stranger = await hub.client(await tokenOf(issuer, url, { sub: 'nobody-1' }));
    const { refusal } = await stranger.call('ec2_terminate_instances', asking);
    expect(refusal.recovery).toContain('holdshort approvers bind');
    expect(refusal.recovery).not.toContain('cli.js');
  });
});
