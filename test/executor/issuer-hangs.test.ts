import { expect, test } from 'vitest';
import { loginsOf } from '../../src/commands/logins.ts';
import { startExecutor } from '../../src/executor/executor.ts';
import { loginNonce } from '../../src/kernel/login.ts';
import { recheckScene } from '../scenes/executor.ts';
import { until } from '../scenes/front-door.ts';
import { startIssuer } from '../scenes/issuer.ts';
import { decision } from '../scenes/openings.ts';

/** As many as an executor sends at once. */
const PLACES = 16;

test('an issuer that takes requests and answers none has no ticket wait but those that it is asked about', {
  timeout: 60_000,
}, async () => {
  await using scene = await recheckScene({ volumes: [{}, {}] });
  const issuer = await startIssuer();
  const [first = '', second = ''] = await scene.volumes();
  for (let made = 0; made < PLACES; made += 1) {
    const ticket = await scene.asked('ec2_delete_volume', { volume_id: first });
    const signed = decision(scene.mara, ticket, 'approve');
    const claims = { sub: 'm-1', aud: 'holdshort', nonce: loginNonce(signed.statement) };
    await scene.store.forApprover().recordDecision({
      ticket: ticket.id,
      expected: { state: ticket.state, decisions: 0 },
      signed: { ...signed, login: await issuer.token(claims, { typ: 'JWT' }) },
      to: 'approved',
      actor: 'approver:mara',
      detail: {},
    });
  }
  const rule = { issuer: issuer.issuer, client_id: 'holdshort', max_age_ms: 3_600_000, secretFile: undefined };
  const logins = loginsOf(async () => ({ login: rule }));
  const said: string[] = [];
  const say = (...words: unknown[]) => void said.push(String(words.at(-1)));
  const letGo = issuer.hang();
  const executor = startExecutor({
    ...{ ...scene.context, logins: logins.logins, id: 'exe_1', regions: [] },
    log: { info: say, warn: say, error: say },
    lanes: { enter: async () => true, leave: () => undefined },
  });
  try {
    await until(issuer.hung, (requests) => requests > 0);
    const free = await scene.asked('ec2_delete_volume', { volume_id: second }, { state: 'approved' });
    const ended = await until(
      () => scene.read(free),
      ({ state }) => state !== 'approved' && state !== 'executing',
    );
    // Policy as it is asks for a person. None of the others has even given up waiting.
    expect({ state: ended.state, said }).toEqual({ state: 'denied', said: [] });
  } finally {
    const stopped = executor.stop();
    letGo();
    await stopped;
    await issuer.close();
  }
});
