import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { INSTALLED_NAME } from '../../src/kernel/command-name.ts';
import { HoldshortError, refusalOf } from '../../src/kernel/errors.ts';
import { safeText } from '../../src/kernel/safe-text.ts';
import { isTerminal, TICKET_STATES, TicketId, type TicketState } from '../../src/kernel/ticket.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { logProblem, readEnrolled, typedHere } from '../desk.ts';
import { pendingRequests } from '../people/requests.ts';
import { createBudget } from '../record/unproven.ts';
import { listed } from '../render/list.ts';
import { type Assessment, assessTicket } from '../tickets/assess.ts';
import { unreviewedGlass } from '../tickets/broken-glass.ts';
import { listedHere } from '../tickets/listed.ts';
import { noteLook } from '../tickets/look.ts';
import { createChallenges, MOST_SEALED } from './challenges.ts';
import { type Page, type PageContext, passkeysHere } from './context.ts';
import { answerDecision, askDecision, Choice } from './deciding.ts';
import { answerEnrolling, askEnrolment, askRegistration, Enrolment, Registration, registered } from './enrolling.ts';
import { guard } from './guard.ts';
import { asTyped, type Html } from './html.ts';
import { decidedPage } from './pages/decided.ts';
import { enrollPage } from './pages/enroll.ts';
import { listPage } from './pages/list.ts';
import { missingPage, refusalPage } from './pages/refusal.ts';
import { ticketChanges, ticketPage } from './pages/ticket.ts';
import { AssertionResponse, RegistrationResponse } from './passkeys.ts';
import { answerReview, askReview, Looked } from './reviewing.ts';
import { answerRevocation, askRevocation, Revocation } from './revoking.ts';
import { answerTeams, askTeams, Teams } from './teams.ts';

const MOST_BODY = 128 * 1024;
const MOST_LISTED = 500;
const READS_SHOWN = 10;
const ENDED_SHOWN = 10;

const brought = { s: z.string().max(100), question: z.string().max(MOST_SEALED) };
const Answer = z.strictObject({ ...brought, response: AssertionResponse });
const Made = z.strictObject({ ...brought, response: RegistrationResponse });

/** The page as one function from requests to answers. */
export function pageApp(context: PageContext): Hono {
  const { origin } = context.links;
  const page: Page = {
    ...context,
    rp: { origin },
    challenges: createChallenges(context.monotonic),
    unproven: createBudget(context.monotonic),
  };
  const app = new Hono();
  app.use(guard(origin));
  app.use(bodyLimit({ maxSize: MOST_BODY, onError: (c) => c.text('Too long.\n', 413) }));
  addAssets(app, page);
  addReading(app, page);
  addDeciding(app, page);
  addReviewing(app, page);
  addEnrolling(app, page);
  addTeams(app, page);
  addRevoking(app, page);
  app.notFound((c) => show(page, c, missingPage(), 404));
  app.onError((error, c) => {
    const known = error instanceof HoldshortError;
    if (!known) context.failed(error);
    const { code, message, ...refusal } = known
      ? refusalOf(error)
      : { code: 'internal' as const, message: 'something broke here', recovery: 'look at what holdshort web prints' };
    const recovery = typedHere(context, refusal.recovery);
    const status = statusOf(code);
    if (c.req.method !== 'POST') return show(page, c, refusalPage({ code, message, recovery }), status);
    return c.json({ refusal: { code, message: safeText(message), recovery: safeText(recovery) } }, status);
  });
  return app;
}

function statusOf(code: HoldshortError['code']): 400 | 403 | 404 | 409 | 500 | 503 {
  switch (code) {
    case 'usage':
    case 'invalid_input':
      return 400;
    case 'not_found':
      return 404;
    case 'conflict':
    case 'already_decided':
    case 'wrong_state':
      return 409;
    case 'store_unavailable':
    case 'clock_went_back':
      return 503;
    case 'internal':
      return 500;
    default:
      return 403;
  }
}

function show({ command }: Page, c: Context, shown: Html, status: 200 | 400 | 403 | 404 | 409 | 500 | 503 = 200) {
  return c.html(asTyped(shown, command ?? INSTALLED_NAME), status);
}

function addAssets(app: Hono, { assets }: Page): void {
  const types = { 'page.css': 'text/css; charset=utf-8', 'page.js': 'text/javascript; charset=utf-8' };
  for (const [name, type] of Object.entries(types))
    app.get(`/assets/${name}`, async (c) => c.body(await readFile(join(assets, name)), 200, { 'content-type': type }));
}

function addReading(app: Hono, page: Page): void {
  const { store, links } = page;
  app.get('/', async (c) => {
    if (!links.opens(c.req.query('s'), 'installation')) return c.notFound();
    const { items, cursor } = await store.tickets({ state: 'pending', limit: MOST_LISTED });
    const { halt, registry } = await readEnrolled(page);
    const shout = await unreviewedGlass(page);
    const settled = (await notWaiting(page)).map(listed);
    const problem = await logProblem(page);
    const view = { links, now: page.now(), halt, registry, problem, shout, settled, more: cursor !== undefined };
    return show(page, c, listPage(await listedHere(page, items), view));
  });
  const keysIn = ({ enrolled }: Assessment) => passkeysHere(enrolled.registry, links.origin);
  app.get('/tickets/:id', async (c) => {
    const id = ticketIn(page, c, c.req.query('s'));
    if (!id) return c.notFound();
    const assessment = await assessTicket(page, await store.ticket(id));
    await noteLook(page, { ticket: id, door: 'page' });
    const reads = await store.readsBefore(assessment.ticket.id, READS_SHOWN);
    return show(page, c, ticketPage(assessment, { links, now: page.now(), reads, keys: keysIn(assessment) }));
  });
  app.get('/tickets/:id/changes', async (c) => {
    const id = ticketIn(page, c, c.req.query('s'));
    if (!id) return c.notFound();
    const assessment = await assessTicket(page, await store.ticket(id));
    return show(page, c, ticketChanges(assessment, { links, now: page.now(), keys: keysIn(assessment) }));
  });
  app.get('/tickets/:id/decided', async (c) => {
    const id = ticketIn(page, c, c.req.query('s'));
    if (!id) return c.notFound();
    const assessment = await assessTicket(page, await store.ticket(id));
    return show(page, c, decidedPage(assessment, { links, keys: keysIn(assessment) }));
  });
}

/**
 * What can still be stopped or isn't settled, all of it; then what ended, the newest. A flood of one never hides the
 * other.
 */
async function notWaiting({ store }: Page): Promise<readonly StoredTicket[]> {
  const all = async (states: readonly TicketState[], limit: number) =>
    (await Promise.all(states.map((state) => store.tickets({ state, limit })))).flatMap(({ items }) => items);
  const ended = await all(TICKET_STATES.filter(isTerminal), ENDED_SHOWN);
  const newest = ended.toSorted((a, b) => (b.finished_at ?? '').localeCompare(a.finished_at ?? ''));
  return [...(await all(['approved', 'executing', 'unknown'], MOST_LISTED)), ...newest.slice(0, ENDED_SHOWN)];
}

function addDeciding(app: Hono, page: Page): void {
  app.post('/tickets/:id/question', async (c) => {
    const choice = read(Choice, await json(c));
    const id = ticketIn(page, c, choice.s);
    if (!id) return c.notFound();
    return c.json(await askDecision(page, await page.store.ticket(id), choice));
  });
  app.post('/tickets/:id/answer', async (c) => {
    const { s, question, response } = read(Answer, await json(c));
    const id = ticketIn(page, c, s);
    if (!id) return c.notFound();
    await answerDecision(page, await page.store.ticket(id), question, response);
    return c.json({ go: page.links.decided(id) });
  });
}

function addReviewing(app: Hono, page: Page): void {
  app.post('/tickets/:id/review/question', async (c) => {
    const looked = read(Looked, await json(c));
    const id = ticketIn(page, c, looked.s);
    return id ? c.json(await askReview(page, await page.store.ticket(id), looked)) : c.notFound();
  });
  app.post('/tickets/:id/review/answer', async (c) => {
    const { s, question, response } = read(Answer, await json(c));
    const id = ticketIn(page, c, s);
    if (!id) return c.notFound();
    await answerReview(page, await page.store.ticket(id), question, response);
    return c.json({ go: page.links.ticket(id) });
  });
}

function addEnrolling(app: Hono, page: Page): void {
  const { links } = page;
  const opened = (s: string | undefined) => links.opens(s, 'installation');
  app.get('/enroll', async (c) => {
    if (!opened(c.req.query('s'))) return c.notFound();
    const enrolled = await readEnrolled(page);
    const here = passkeysHere(enrolled.registry, links.origin);
    const done = c.req.query('key');
    const hardware = enrolled.makers.length > 0;
    return show(page, c, enrollPage({ links, enrolled, requests: pendingRequests(enrolled), here, done, hardware }));
  });
  app.post('/enroll/registration', async (c) => {
    const wanted = read(Registration, await json(c));
    return opened(wanted.s) ? c.json(await askRegistration(page, wanted)) : c.notFound();
  });
  app.post('/enroll/registered', async (c) => {
    const { s, question, response } = read(Made, await json(c));
    return opened(s) ? c.json(await registered(page, question, response)) : c.notFound();
  });
  app.post('/enroll/question', async (c) => {
    const wanted = read(Enrolment, await json(c));
    return opened(wanted.s) ? c.json(await askEnrolment(page, wanted)) : c.notFound();
  });
  app.post('/enroll/answer', async (c) => {
    const { s, question, response } = read(Answer, await json(c));
    if (!opened(s)) return c.notFound();
    const key = await answerEnrolling(page, question, response);
    return c.json({ go: `${links.enroll()}&key=${encodeURIComponent(key)}` });
  });
}

function addTeams(app: Hono, page: Page): void {
  const { links } = page;
  app.post('/enroll/teams', async (c) => {
    const wanted = read(Teams, await json(c));
    return links.opens(wanted.s, 'installation') ? c.json(await askTeams(page, wanted)) : c.notFound();
  });
  app.post('/enroll/teams/answer', async (c) => {
    const { s, question, response } = read(Answer, await json(c));
    if (!links.opens(s, 'installation')) return c.notFound();
    await answerTeams(page, question, response);
    return c.json({ go: links.enroll() });
  });
}

function addRevoking(app: Hono, page: Page): void {
  const { links } = page;
  app.post('/enroll/revoke', async (c) => {
    const wanted = read(Revocation, await json(c));
    return links.opens(wanted.s, 'installation') ? c.json(await askRevocation(page, wanted)) : c.notFound();
  });
  app.post('/enroll/revoke/answer', async (c) => {
    const { s, question, response } = read(Answer, await json(c));
    if (!links.opens(s, 'installation')) return c.notFound();
    const key = await answerRevocation(page, question, response);
    return c.json({ go: `${links.enroll()}&key=${encodeURIComponent(key)}` });
  });
}

/**
 * The ticket that a path names, if the secret beside it is that ticket's. Whole ids only: others would be a way to
 * guess.
 */
function ticketIn({ links }: Page, c: Context, secret: string | undefined): TicketId | undefined {
  const id = TicketId.safeParse(c.req.param('id')).data;
  return id && links.opens(secret, `tkt_${id.slice(4)}`) ? id : undefined;
}

async function json(c: Context): Promise<unknown> {
  try {
    return await c.req.json();
  } catch (cause) {
    throw new HoldshortError('invalid_input', 'that is not JSON', 'load the page again', cause);
  }
}

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new HoldshortError('invalid_input', `${where}: not what this page sends`, 'load the page again', parsed.error);
}
