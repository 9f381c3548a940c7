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
import { type Assessment, assessTicket } from '../tickets/assess.ts';
import { unreviewedGlass } from '../tickets/broken-glass.ts';
import { listedHere } from '../tickets/listed.ts';
import { noteLook } from '../tickets/look.ts';
import { Back, backFromIssuer, RETURN_PATH } from './at-issuer.ts';
import { challengesOf, MOST_SEALED } from './challenges.ts';
import { answerChatKey, askChatKey, Chatting } from './chat-keys.ts';
import { type Page, type PageContext, passkeysHere } from './context.ts';
import { answerDecision, askDecision, Choice } from './deciding.ts';
import { answerEnrolling, askEnrolment, askRegistration, Enrolment, Registration, registered } from './enrolling.ts';
import { guard } from './guard.ts';
import { asTyped, type Html } from './html.ts';
import { answerLogin, askLogin, Logins } from './logins.ts';
import { decidedPage } from './pages/decided.ts';
import { enrollPage } from './pages/enroll.ts';
import { listPage } from './pages/list.ts';
import { loginPage } from './pages/login.ts';
import { missingPage, refusalPage } from './pages/refusal.ts';
import { ticketChanges, ticketPage } from './pages/ticket.ts';
import { AssertionResponse, RegistrationResponse } from './passkeys.ts';
import { answerWord, askWord, Word } from './resolving.ts';
import { answerReview, askReview, Looked } from './reviewing.ts';
import { answerRevocation, askRevocation, Revocation } from './revoking.ts';
import { shareOfLook, shareOfPost, within } from './shares.ts';
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
    challenges: challengesOf(context.seals),
    unproven: createBudget(context.monotonic),
  };
  const app = new Hono();
  app.use(guard(origin));
  app.use(bodyLimit({ maxSize: MOST_BODY, onError: (c) => c.text('Too long.\n', 413) }));
  addAssets(app, page);
  addReading(app, page);
  addDeciding(app, page);
  addEnrolling(app, page);
  app.notFound((c) => show(page, c, missingPage(), 404));
  app.onError((error, c) => {
    const known = error instanceof HoldshortError;
    if (!known) context.failed(error);
    const { code, message, ...refusal } = known
      ? refusalOf(error)
      : {
          code: 'internal' as const,
          message: 'something broke here',
          recovery: 'look at what the process prints that serves this page',
        };
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
    case 'issuer_unavailable':
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
  const opened = (c: Context) => (links.opens(c.req.query('s'), 'installation') ? 'installation' : undefined);
  looksAt(page, app, '/', opened, async () => {
    const { items, cursor } = await store.tickets({ state: 'pending', limit: MOST_LISTED });
    const { halt, registry, at } = await readEnrolled(page);
    const shout = await unreviewedGlass(page);
    const settled = await listedHere(page, await notWaiting(page));
    const problem = await logProblem(page);
    const view = { links, now: new Date(at), halt, registry, problem, shout, settled, more: cursor !== undefined };
    return listPage(await listedHere(page, items), view);
  });
  const assessed = (path: string, shown: (assessment: Assessment) => Html | Promise<Html>) =>
    looksAt(
      page,
      app,
      path,
      (c) => ticketIn(page, c, c.req.query('s')),
      async (id) => shown(await assessTicket(page, await store.ticket(id))),
    );
  const keysIn = ({ enrolled }: Assessment) => passkeysHere(enrolled.registry, links.origin);
  assessed('/tickets/:id', async (assessment) => {
    const { id } = assessment.ticket;
    await noteLook(page, { ticket: id, door: 'page' });
    const reads = await store.readsBefore(id, READS_SHOWN);
    return ticketPage(assessment, { links, now: new Date(assessment.enrolled.at), reads, keys: keysIn(assessment) });
  });
  assessed('/tickets/:id/changes', (assessment) =>
    ticketChanges(assessment, { links, now: new Date(assessment.enrolled.at), keys: keysIn(assessment) }),
  );
  assessed('/tickets/:id/decided', (assessment) => decidedPage(assessment, { links, keys: keysIn(assessment) }));
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
  const { links, store } = page;
  const post = postsOf(page, app, (c, s) => ticketIn(page, c, s));
  post('/tickets/:id/question', Choice, async (choice, id) => askDecision(page, await store.ticket(id), choice));
  post('/tickets/:id/answer', Answer, async (answer, id) => answerDecision(page, await store.ticket(id), answer));
  app.get(RETURN_PATH, (c) => show(page, c, loginPage()));
  post('/tickets/:id/login', Back, async (back, id) => {
    await backFromIssuer(page, await store.ticket(id), back);
    return { go: links.decided(id) };
  });
  post('/tickets/:id/review/question', Looked, async (looked, id) => askReview(page, await store.ticket(id), looked));
  post('/tickets/:id/review/answer', Answer, async (answer, id) => {
    await answerReview(page, await store.ticket(id), answer);
    return { go: links.ticket(id) };
  });
  post('/tickets/:id/resolve/question', Word, async (word, id) => askWord(page, await store.ticket(id), word));
  post('/tickets/:id/resolve/answer', Answer, async (answer, id) => {
    await answerWord(page, await store.ticket(id), answer);
    return { go: links.decided(id) };
  });
}

function addEnrolling(app: Hono, page: Page): void {
  const { links } = page;
  const opened = (s: string | undefined) => (links.opens(s, 'installation') ? 'installation' : undefined);
  const asked = (c: Context) => opened(c.req.query('s'));
  looksAt(page, app, '/enroll', asked, async (_, c) => {
    const enrolled = await readEnrolled(page);
    const here = passkeysHere(enrolled.registry, links.origin);
    const done = c.req.query('key');
    const hardware = enrolled.makers.length > 0;
    const { chatKeys } = page;
    return enrollPage({ links, enrolled, requests: pendingRequests(enrolled), here, done, hardware, chatKeys });
  });
  const post = postsOf(page, app, (_, s) => opened(s));
  const goToKey = (key: string) => ({ go: `${links.enroll()}&key=${encodeURIComponent(key)}` });
  post('/enroll/registration', Registration, (wanted) => askRegistration(page, wanted));
  post('/enroll/registered', Made, ({ question, response }) => registered(page, question, response));
  post('/enroll/question', Enrolment, (wanted) => askEnrolment(page, wanted));
  post('/enroll/answer', Answer, async (answer) => goToKey(await answerEnrolling(page, answer)));
  post('/enroll/teams', Teams, (wanted) => askTeams(page, wanted));
  post('/enroll/teams/answer', Answer, async (answer) => {
    await answerTeams(page, answer);
    return { go: links.enroll() };
  });
  post('/enroll/login', Logins, (wanted) => askLogin(page, wanted));
  post('/enroll/login/answer', Answer, async (answer) => {
    await answerLogin(page, answer);
    return { go: links.enroll() };
  });
  post('/enroll/chat', Chatting, (wanted) => askChatKey(page, wanted));
  post('/enroll/chat/answer', Answer, async (answer) => goToKey(await answerChatKey(page, answer)));
  post('/enroll/revoke', Revocation, (wanted) => askRevocation(page, wanted));
  post('/enroll/revoke/answer', Answer, async (answer) => goToKey(await answerRevocation(page, answer)));
}

/** Adds what takes a GET. @param opened what the secret in the address opens; without it, nothing is there */
function looksAt<S extends string>(
  page: Page,
  app: Hono,
  path: string,
  opened: (c: Context) => S | undefined,
  shown: (subject: S, c: Context) => Promise<Html>,
): void {
  app.get(path, (c) => {
    const subject = opened(c);
    if (subject === undefined) return c.notFound();
    return within(page, c, shareOfLook(subject), async () => show(page, c, await shown(subject, c)));
  });
}

/**
 * Adds what takes a POST. Each brings the secret of what it is about: without it, nothing is there.
 * @param opened what the secret opens
 */
function postsOf<S extends string>(page: Page, app: Hono, opened: (c: Context, secret: string) => S | undefined) {
  return <T extends { readonly s: string }>(
    path: string,
    schema: z.ZodType<T>,
    answer: (body: T, subject: S) => Promise<object>,
  ): void => {
    app.post(path, async (c) => {
      const body = read(schema, await json(c));
      const subject = opened(c, body.s);
      return subject === undefined
        ? c.notFound()
        : within(page, c, shareOfPost(page, body, subject), async () => c.json(await answer(body, subject)));
    });
  };
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
