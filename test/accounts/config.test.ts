import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { configOf, entry, LAB, role, SHOP } from '../scenes/accounts.ts';
import { makePlace } from '../scenes/front-door.ts';

/** `accounts:` in a configuration: what would leave open which account is meant is an error, with its place. */

const TWO = [entry(SHOP), entry(LAB)];
const hub = (accounts?: readonly string[]) => ({
  hub: {
    ...{ listen: '127.0.0.1:1', url: 'http://localhost:1', issuer: 'https://login.example.com' },
    agents: [{ match: { a: 'b' }, agent: 'kiro', ...(accounts && { accounts }) }],
  },
});

const WRONG: readonly (readonly [string, string, string])[] = [
  ['no account', configOf([]), 'accounts'],
  [
    'an id twice',
    configOf([entry(SHOP), entry({ ...LAB, id: SHOP.id })]),
    'accounts[1].id: is that of another entry too',
  ],
  ['a name twice', configOf([entry(SHOP), entry({ ...LAB, name: SHOP.name })]), 'accounts[1].name: is that of'],
  ["another's id as a name", configOf([entry(SHOP), entry({ ...LAB, name: SHOP.id })]), 'accounts[1].name'],
  ['a name in capitals', configOf([entry({ ...SHOP, name: 'Shop' })]), 'accounts[0].name'],
  ['a name with other letters', configOf([entry({ ...SHOP, name: 'sh\u043ep' })]), 'accounts[0].name'],
  [
    'an id that YAML read as a number',
    'accounts: [{ id: 012345678901, name: a, regions: [eu-west-1] }]',
    'accounts[0].id',
  ],
  ['no region', configOf([entry({ ...SHOP, regions: [] })]), 'accounts[0].regions'],
  ['a wildcard for regions', configOf([entry({ ...SHOP, regions: ['eu-*'] })]), 'accounts[0].regions[0]'],
  ...(['read_role_arn', 'execution_role_arn'] as const).map(
    (key) =>
      [
        `a role of another account as ${key}`,
        configOf([entry({ ...SHOP, [key]: role(LAB.id, 'read') })]),
        `accounts[0].${key}: is no role of account ${SHOP.id}`,
      ] as const,
  ),
  ['aws beside it', configOf(TWO, { aws: { read_role_arn: role(SHOP.id, 'read') } }), 'aws: is for an installation'],
  [
    'known beside several',
    configOf(TWO, { known: [{ id: 'a', environment: 'sandbox' }] }),
    'known: is for one account',
  ],
  ['macros beside several', configOf(TWO, { cloudformation: { macros: ['M'] } }), 'cloudformation.macros: is for one'],
  ['a rule for none that is listed', configOf(TWO, hub(['LAB'])), 'hub.agents[0].accounts[0]: must be the id or name'],
  [
    'a rule for accounts where none is',
    configOf(TWO, hub(['lab'])).replace(/^accounts.*\n/, ''),
    'hub.agents[0].accounts',
  ],
];

it.each(WRONG)('refuses %s', async (_, config, names) => {
  await using place = makePlace({ config });
  await expect(loadConfig({ env: place.env })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining(names),
  });
});

describe('takes', () => {
  it('known and macros beside one account, which they are then for', async () => {
    const line = { id: 'a', environment: 'sandbox' };
    const more = { known: [line], cloudformation: { macros: ['M'] } };
    await using place = makePlace({ config: configOf([entry({ ...SHOP, macros: ['N'] })], more) });
    const config = await loadConfig({ env: place.env });
    expect(config.known).toEqual([{ ...line, account: SHOP.id }]);
    expect(config.accounts?.[0]?.own.macros).toEqual(['N', 'M']);
  });

  it('rules of a hub that give none', async () => {
    await using place = makePlace({ config: configOf(TWO, hub()) });
    expect((await loadConfig({ env: place.env })).hub?.agents[0]).not.toHaveProperty('accounts');
  });
});

it('with one account the tools are those of an installation without any, and its id counts', async () => {
  const listed = async (config: string) => {
    await using place = makePlace({ config });
    const agent = await place.agent();
    return (await agent.client.listTools()).tools;
  };
  expect(await listed(configOf([entry(SHOP)]))).toEqual(await listed(''));
});
