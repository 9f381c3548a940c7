import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import { follow } from './live.ts';
import { type Away, comeBack, leave } from './login.ts';

/*
 * The script of the page. It asks the server what to sign, lets the passkey sign it, and brings the answer back. What
 * is decided on was sealed by the server: nothing here is believed.
 */

type AuthenticationOptions = Parameters<typeof startAuthentication>[0]['optionsJSON'];
type RegistrationOptions = Parameters<typeof startRegistration>[0]['optionsJSON'];

interface Refusal {
  readonly message: string;
  readonly recovery: string;
}

class Refused extends Error {}

const s = new URLSearchParams(location.search).get('s') ?? '';
/**
 * The digest of the plan that the person reads here. It is taken once, so that nothing that comes in later is signed in
 * its place.
 */
const digest = document.querySelector('main')?.dataset.digest;

async function post<T>(path: string, body: Record<string, unknown>): Promise<T> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ s, ...body }),
  });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text);
  let refusal: Refusal = { message: text, recovery: 'load the page again' };
  try {
    refusal = JSON.parse(text).refusal ?? refusal;
  } catch {
    // Not every refusal is JSON.
  }
  throw new Refused(`${refusal.message}. What to do: ${refusal.recovery}.`);
}

/** What a passkey is asked, and the sealed question that goes back with its answer. */
interface Challenge<Options> {
  readonly options: Options;
  readonly question: string;
}

async function sign({ options, question }: Challenge<AuthenticationOptions>, answers: string): Promise<void> {
  const response = await startAuthentication({ optionsJSON: options });
  const answer = await post<{ go: string } | { away: Away }>(answers, { question, response });
  if ('away' in answer) leave(answer.away, s);
  else location.assign(answer.go);
}

async function decide(form: HTMLFormElement, button: HTMLButtonElement): Promise<void> {
  const { asks = '', answers = '', request, name, role, most, person, revokes, seen, login, chat } = form.dataset;
  const fields = new FormData(form);
  if (revokes !== undefined) {
    const choice = { revoked: fields.get('revoked'), key: fields.get('key'), reason: fields.get('reason') };
    return sign(await post<Challenge<AuthenticationOptions>>(asks, choice), answers);
  }
  if (chat !== undefined)
    return sign(await post<Challenge<AuthenticationOptions>>(asks, { key: fields.get('key') }), answers);
  if (login !== undefined) {
    const about = { person: fields.get('person'), issuer: fields.get('issuer'), subject: fields.get('subject') };
    return sign(
      await post<Challenge<AuthenticationOptions>>(asks, { login, ...about, key: fields.get('key') }),
      answers,
    );
  }
  const choice = person
    ? { person, key: fields.get('key'), groups: fields.get('groups') }
    : request
      ? { request, name, role, most, key: fields.get('key'), groups: fields.get('groups') }
      : { digest, seen, decision: button.value, key: fields.get('key'), reason: fields.get('reason') };
  await sign(await post<Challenge<AuthenticationOptions>>(asks, choice), answers);
}

async function register(form: HTMLFormElement): Promise<void> {
  const { registers = '', made = '', answers = '' } = form.dataset;
  const fields = new FormData(form);
  const wanted = { name: String(fields.get('name') ?? ''), hardware: fields.get('hardware') !== null };
  const { options, question } = await post<Challenge<RegistrationOptions>>(registers, wanted);
  const response = await startRegistration({ optionsJSON: options });
  await sign(await post<Challenge<AuthenticationOptions>>(made, { question, response }), answers);
}

// A page that comes out of the browser's memory is as old as when it was left, and waits for an answer that was given.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});

const returned = document.querySelector('[data-from-issuer]');
if (returned) void comeBack(returned, (answers, body) => post(answers, body));

let busy = false;
const follower = follow(s, { bind, isBusy: () => busy });
bind(document);

function bind(root: ParentNode): void {
  for (const form of root.querySelectorAll('form')) bindForm(form);
}

function bindForm(form: HTMLFormElement): void {
  const buttons = form.querySelectorAll('button');
  const after = form.closest('[data-live]')?.nextElementSibling;
  const said = form.querySelector('.said') ?? (after?.matches('.said') ? after : null);
  const say = (text: string) => {
    if (said) said.textContent = text;
  };
  for (const button of buttons) button.disabled = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const pressed = event.submitter;
    if (!(pressed instanceof HTMLButtonElement)) return;
    for (const button of buttons) button.disabled = true;
    busy = true;
    say('Your passkey is asked.');
    const work = form.dataset.registers ? register(form) : decide(form, pressed);
    work.catch((error: unknown) => {
      for (const button of buttons) button.disabled = false;
      say(
        error instanceof Refused
          ? `Refused: ${error.message}`
          : `Nothing was decided: the browser says "${error instanceof Error ? error.message : String(error)}". Try again when you are ready.`,
      );
      busy = false;
      follower.freed();
    });
  });
}
