import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Control, TemplateTexts } from './control.ts';
import { Fault, type Faults } from './faults.ts';

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text || '{}');
}

/**
 * Only this machine may steer, whatever address the sandbox listens on; and no web page may, whatever machine it runs
 * on.
 */
function mayControl(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? '';
  const { origin, host = '' } = request.headers;
  const fromPage = origin !== undefined || request.headers['sec-fetch-site'] !== undefined;
  // A page that was rebound to loopback by DNS still names its own host.
  const byAddress = /^(localhost|127\.[\d.]+|\[::1\])(:\d+)?$/.test(host);
  return /^(127\.|::1$|::ffff:127\.)/.test(address) && byAddress && !fromPage;
}

export async function answerControl(
  { control, faults }: { readonly control: Control; readonly faults: Faults },
  {
    reset,
    putTemplate,
    order,
  }: {
    reset: () => void;
    putTemplate: (url: string, text: string) => void;
    order: (path: string, body: unknown) => { readonly status: number; readonly value: unknown } | undefined;
  },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const send = (status: number, value: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  if (!mayControl(request)) return send(403, { error: 'only from this machine' });
  const url = URL.parse(request.url ?? '', 'http://sandbox');
  if (!url) return send(404, { error: 'no such path' });
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /_sandbox/requests': {
      const action = url.searchParams.get('action') ?? undefined;
      const count = Number(url.searchParams.get('count') ?? 1);
      const wait = Math.min(Number(url.searchParams.get('wait') ?? 0), 60_000);
      return send(200, wait > 0 ? await control.waitFor(action, count, wait) : control.requests(action));
    }
    case 'POST /_sandbox/faults': {
      const fault = Fault.safeParse(await jsonBody(request).catch(() => undefined));
      if (!fault.success) return send(400, { error: fault.error.issues });
      faults.add(fault.data);
      return send(200, fault.data);
    }
    case 'POST /_sandbox/release':
      return send(200, { released: faults.release(url.searchParams.get('action') ?? undefined) });
    case 'PUT /_sandbox/templates': {
      const templates = TemplateTexts.safeParse(await jsonBody(request).catch(() => undefined));
      if (!templates.success) return send(400, { error: templates.error.issues });
      for (const [where, text] of Object.entries(templates.data)) putTemplate(where, text);
      return send(200, { templates: Object.keys(templates.data) });
    }
    case 'GET /_sandbox/reset':
    case 'POST /_sandbox/reset':
      reset();
      return send(200, {});
    default: {
      const answer =
        request.method === 'POST' ? order(url.pathname, await jsonBody(request).catch(() => undefined)) : undefined;
      return answer ? send(answer.status, answer.value) : send(404, { error: 'no such path' });
    }
  }
}
