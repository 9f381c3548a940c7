import { isIP } from 'node:net';
import { z } from 'zod';
import { HubAgent, Match } from '../hub/who.ts';
import { IssuerAddress, isHttps } from './issuer-address.ts';

const Scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, 'must be one scope, without blanks');

const DECIDE = 'holdshort.decide';

const File = z.string().min(1, 'must be the path of a PEM file');

const ProxyAddress = z.string().refine((text) => {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  const most = family === 6 ? 128 : 32;
  return family !== 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
}, 'must be an address or a network, as in 10.0.3.7 or 10.0.3.0/24');

/** `hub:` in the configuration. */
export const Hub = z
  .strictObject({
    listen: z
      .string()
      .regex(/^(?:[a-z0-9.-]+|\[[0-9a-f:]+\]):\d{1,5}$/, 'must be an address and a port, as in 0.0.0.0:8443')
      .refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535, 'has a port that there is not')
      .describe('The address and port to listen on, as in 0.0.0.0:8443.'),
    url: z
      .string()
      .max(300)
      .refine((text) => isHttps(text) && new URL(text).origin === text, {
        error: 'must be an https origin without a path, as in https://holdshort.example.com',
      })
      .describe("The hub's address as its clients write it. Tokens are for this address with /mcp."),
    tls: z
      .strictObject({ certificate: File, key: File })
      .optional()
      .describe('PEM files, relative to this file. Left out: plain HTTP on this machine, or behind trusted_proxies.'),
    trusted_proxies: z
      .array(ProxyAddress)
      .min(1, 'must name at least one')
      .max(50)
      .optional()
      .describe('Addresses of the proxies that end TLS in front of the hub; from no others is plain HTTP taken.'),
    issuer: IssuerAddress.describe(
      'Who issues the tokens: the address that they have in `iss`, with a slash at its end or not, as there.',
    ),
    scope: Scope.optional().describe("What agents' tokens must have in `scope` besides; left out: nothing."),
    companions: z
      .strictObject({
        scope: Scope.optional().describe(`What their tokens must have in \`scope\`; left out: ${DECIDE}.`),
        match: Match.optional().describe(
          'Which of those tokens are taken, as in a rule of agents; left out: of each client that the issuer gives one.',
        ),
      })
      .optional()
      .describe(
        'People may answer in chat clients of theirs, with tokens for this address with /companion/mcp; left out: nobody may.',
      ),
    agents: z
      .array(HubAgent)
      .min(1, 'must have at least one rule, or nobody may ask')
      .max(1_000)
      .describe(
        'Which tokens are whose: the first rule that matches. A token that no rule matches is turned away (403).',
      ),
  })
  .refine(({ tls, trusted_proxies }) => !tls || !trusted_proxies, {
    path: ['trusted_proxies'],
    error: 'is for a hub without tls of its own',
  })
  .describe('What `holdshort hub` serves agents with, over HTTP.');

/** What companions' tokens must have; undefined where nobody may answer in a chat client. */
export function companionsIn(hub: Hub | undefined) {
  return hub?.companions && { scope: hub.companions.scope ?? DECIDE, match: hub.companions.match };
}

export type Hub = z.infer<typeof Hub>;
