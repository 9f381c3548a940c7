import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type { ClientConfig } from 'pg';
import { HoldshortError } from '../../kernel/errors.ts';
import { passwordFor } from './password.ts';

/** What an address may say beside who, where and which: where certificates are, and nothing that weakens a check. */
const PARAMETERS = new Set(['user', 'host', 'port', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey']);

/**
 * `postgres://login@host:5432/database`, or `postgres:///database?user=login&host=/run/postgresql`. Towards another
 * machine the connection is encrypted, and the server's certificate is checked for its name, whatever the address says:
 * the adversary is between us and the database, and answers as if they were it.
 * @throws config_invalid
 */
export function connectionTo(address: string): ClientConfig {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:'))
    throw invalid('it is no postgres:// address', 'write it as postgres://LOGIN@HOST/DATABASE');
  // It would stand in the process list, in shells' histories and in files.
  if (url.password !== '')
    throw invalid('it has a password in it', 'put the password into a file that PGPASSFILE names, mode 600');
  const other = [...url.searchParams.keys()].find((name) => !PARAMETERS.has(name));
  if (other !== undefined)
    throw invalid(`'${other}' is none of its parameters`, `leave it out; there are ${[...PARAMETERS].join(', ')}`);
  const database = decoded(url.pathname.slice(1));
  if (database === '') throw invalid('it names no database', 'write it as postgres://LOGIN@HOST/DATABASE');
  const host = url.searchParams.get('host') ?? (url.hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost');
  const user = url.searchParams.get('user') ?? decoded(url.username);
  const port = url.searchParams.get('port') ?? (url.port || '5432');
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    throw invalid(`'${port}' is no port`, 'write a number between 1 and 65535');
  return {
    host,
    database,
    port: Number(port),
    ...(user !== '' && { user }),
    // The driver asks it with what it connects to, of which its types say nothing.
    password: passwordFor as () => Promise<string>,
    ssl: isHere(host) && !isToBeEncrypted(url.searchParams) ? false : verified(url.searchParams, host),
  };
}

/** This machine: nobody is on the way. */
function isHere(host: string): boolean {
  return (
    host.startsWith('/') || host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
  );
}

/** Said so for this machine too. */
function isToBeEncrypted(parameters: URLSearchParams): boolean {
  return (
    (parameters.get('sslmode') ?? 'disable') !== 'disable' ||
    ['sslrootcert', 'sslcert', 'sslkey'].some((name) => parameters.has(name))
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid(`'${part}' has a % that begins no character`, 'write %25 for a percent sign');
  }
}

function verified(parameters: URLSearchParams, host: string): NonNullable<ClientConfig['ssl']> {
  const mode = parameters.get('sslmode') ?? 'verify-full';
  if (mode !== 'verify-full')
    throw invalid(`sslmode=${mode} would believe any server`, 'leave it out, and name sslrootcert=FILE if need be');
  const file = (name: string) => {
    const path = parameters.get(name);
    if (path === null) return undefined;
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      throw invalid(`${name}: ${error instanceof Error ? error.message : String(error)}`, 'name a file that is there');
    }
  };
  const [ca, cert, key] = [file('sslrootcert'), file('sslcert'), file('sslkey')];
  return {
    rejectUnauthorized: true,
    // An address has no server name to send, and Node would look for `localhost` in its certificate then.
    ...(isIP(host) === 0 && { servername: host }),
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
    minVersion: 'TLSv1.2',
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}

function invalid(what: string, recovery: string): HoldshortError {
  return new HoldshortError('config_invalid', `the address of the store can't be used: ${what}`, recovery);
}
