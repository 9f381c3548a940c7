import { request } from 'node:http';
import type { ServedInstallation } from '../scenes/page.ts';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** A request with every header under control, which `fetch` doesn't allow. */
export function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; address?: string } = {},
): Promise<Answer> {
  const { hostname, port, pathname, search } = new URL(url);
  return new Promise((done, failed) => {
    const asked = request(
      {
        host: options.address ?? hostname,
        port,
        path: pathname + search,
        method: options.method ?? 'GET',
        headers: options.headers ?? {},
      },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk) => (body += chunk));
        answer.on('end', () => done({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
      },
    );
    asked.once('error', failed);
    asked.end(options.body);
  });
}

/** As the page itself asks. */
export function post(
  installation: ServedInstallation,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
) {
  return send(installation.links.origin + path, {
    method: 'POST',
    headers: {
      origin: installation.links.origin,
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
