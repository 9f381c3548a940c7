import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Terminal } from '../../src/present/command-result.ts';
import type { LogIn } from '../tickets/decide.ts';

/** A person looks for their telephone. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Has the person at the terminal log in with a browser of this machine, which the issuer sends back to a port that is
 * open for nothing else, and only until then (RFC 8252, 7.3). Nothing is opened by itself: the address is printed.
 *
 * Another program of this machine may ask there first: without `state`, which only the issuer's answer has, it gets
 * nothing, and what it sends ends nothing.
 */
export function logInAt({ showAside }: Pick<Terminal, 'showAside'>): LogIn {
  return async (flow, nonce) => {
    const [state, verifier] = [secret(), secret()];
    const answers = Promise.withResolvers<URLSearchParams>();
    const server = createServer((request, response) => {
      // Not every target of a request is one that can be parsed: `//` is none.
      const asked = URL.parse(request.url ?? '', 'http://127.0.0.1');
      const answer = request.method === 'GET' && asked?.pathname === '/login' ? asked.searchParams : undefined;
      const ours = answer?.get('state') === state;
      response.writeHead(ours ? 200 : 404, {
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
      });
      response.end(ours ? 'Go back to the terminal; this page can be closed.\n' : 'Nothing is here.\n');
      if (answer && ours) answers.resolve(answer);
    });
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const late = setTimeout(() => answers.reject(notLoggedIn('nobody logged in within ten minutes')), PATIENCE_MS);
    try {
      const redirect = `http://127.0.0.1:${(server.address() as AddressInfo).port}/login`;
      const address = await flow.addressFor({ redirect, state, nonce, verifier });
      showAside(`To make it count, log in with a browser of this machine:\n\n  ${address}\n`);
      const answer = await answers.promise;
      const code = answer.get('code');
      if (code === null) throw notLoggedIn(`the issuer says ${codeIn(answer.get('error'))}`);
      return await flow.tokenFor({ code, redirect, verifier, iss: answer.get('iss') ?? undefined });
    } finally {
      clearTimeout(late);
      server.close();
      server.closeAllConnections();
    }
  };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** RFC 6749, 4.1.2.1: what comes in an address, anyone may have written. */
function codeIn(error: string | null): string {
  return error !== null && /^[a-z_]{1,64}$/.test(error) ? error : 'that the login failed';
}

function notLoggedIn(why: string): HoldshortError {
  return new HoldshortError(
    'not_confirmed',
    `${why}, so nothing was decided`,
    'to go on after all, give the same command again',
  );
}
