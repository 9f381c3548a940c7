import type { CallToolResult } from '@modelcontextprotocol/client';
import { App } from '@modelcontextprotocol/ext-apps';
import { CARD_META, type Card } from '../shape.ts';
import { button, element, part } from './dom.ts';

/*
 * The ticket card, in a frame of the chat client. It shows what the companion sent, as text only, and brings back what
 * the person typed. Nothing that it says is believed: the companion looks at everything again.
 */

const OLD_MS = 60_000;

const root = document.querySelector('#card') ?? document.body;
const app = new App({ name: 'holdshort-card', version: '1' }, {}, { autoResize: true });

app.ontoolresult = async (result) => {
  show(result);
  const about = result.structuredContent as { readonly ticket_id?: unknown } | undefined;
  const card = result._meta?.[CARD_META] as Card | undefined;
  // A companion that didn't know yet that this client renders cards does now, having been asked for one; and a
  // conversation that is opened again brings its cards as they were. Where the two clocks differ, it is asked
  // once too often, or an old card is shown; what that brings back is weighed by the store's time.
  const isOld = card === undefined || Date.now() - Date.parse(card.at) > OLD_MS;
  if (isOld && typeof about?.ticket_id === 'string') await renew(about.ticket_id);
};
app.onhostcontextchanged = ({ theme }) => dress(theme);

function dress(theme: 'light' | 'dark' | undefined): void {
  if (theme) document.documentElement.dataset.theme = theme;
}

function show(result: CallToolResult): void {
  const card = result._meta?.[CARD_META] as Card | undefined;
  root.replaceChildren(...(card ? ticket(card) : [part('pre', 'whole', textOf(result))]));
}

/** Asks for the ticket as it is now. */
async function renew(ticket_id: string): Promise<void> {
  show(await app.callServerTool({ name: 'approvals_show', arguments: { ticket_id } }));
}

/**
 * What an answer says: a refusal in its own words, without the block that it stands in for clients that render
 * Markdown.
 */
function textOf({ content, structuredContent }: CallToolResult): string {
  const { refusal } = (structuredContent ?? {}) as { readonly refusal?: { message: string; recovery: string } };
  if (refusal) return `${refusal.message}\n${refusal.recovery}`;
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
}

function ticket(card: Card): readonly HTMLElement[] {
  const { environment, place, state, action, verdict, danger, figures, facts, impact, more, reason, whole } = card;
  return [
    element(
      'p',
      'place',
      part('strong', `environment ${environment}`, environment),
      part('span', '', place),
      part('span', 'state', state),
    ),
    part('h1', '', action),
    part('p', danger ? 'verdict danger' : 'verdict', verdict),
    element(
      'dl',
      'figures',
      ...figures.map(({ what, value, alarming }) =>
        element('div', alarming ? 'figure alarming' : 'figure', part('dt', '', what), part('dd', '', value)),
      ),
    ),
    list(facts),
    part('h2', '', 'What would happen'),
    element(
      'ul',
      'impact',
      ...impact.map((line) =>
        element(
          'li',
          '',
          part('span', line.danger ? 'effect danger' : 'effect', line.effect),
          element(
            'div',
            '',
            part('strong', '', line.resource),
            part('span', 'quiet', line.type),
            ...(line.detail ? [part('p', '', line.detail)] : []),
            ...line.properties.map((property) => part('p', 'property', property)),
          ),
        ),
      ),
      ...(more ? [part('li', 'more', more)] : []),
    ),
    part('h2', '', 'What the agent says (its own words, not checked, decides nothing)'),
    part('blockquote', '', reason),
    element('details', '', part('summary', '', 'The whole ticket, as in a terminal'), part('pre', 'whole', whole)),
    ...ways(card),
  ];
}

function list(facts: Card['facts']): HTMLElement {
  return element('dl', 'facts', ...facts.flatMap(([what, value]) => [part('dt', '', what), part('dd', '', value)]));
}

/** How to decide: on the page, here, or in a terminal; nothing of it when there is nothing to decide. */
function ways(card: Card): readonly HTMLElement[] {
  const { deciding, page, commands } = card;
  if (commands.length === 0) return [];
  return [
    ...(page && !deciding?.approve ? [onPage(page)] : []),
    ...(deciding ? [here(card, deciding)] : []),
    element('p', 'quiet', 'In a terminal of your own: ', ...commands.map((command) => part('code', '', command))),
  ];
}

function onPage(url: string): HTMLElement {
  const said = part('p', 'said', '');
  const open = button('Open the approval page', 'primary', async () => {
    // Not every host can, and some say so by failing.
    const { isError } = await app.openLink({ url }).catch(() => ({ isError: true }));
    said.textContent = isError
      ? `This client did not open it. Its address: ${url}`
      : 'Decide there, with your passkey. Nothing is decided by opening it.';
  });
  return element('section', 'ways', open, said);
}

function here(card: Card, { question, person, confirm, approve }: NonNullable<Card['deciding']>): HTMLElement {
  const name = element('input', '');
  name.id = 'name';
  name.autocomplete = 'off';
  name.spellcheck = false;
  const reason = element('input', '');
  reason.id = 'reason';
  reason.maxLength = 2000;
  const said = part('p', 'said', '');
  said.setAttribute('role', 'status');
  const form = element('form', 'ways');
  const answer = async (decision: 'approve' | 'deny') => {
    for (const one of form.querySelectorAll('button')) one.disabled = true;
    said.textContent = 'Asking…';
    const sent = app.callServerTool({
      name: 'approvals_decide',
      arguments: {
        ticket_id: card.ticket_id,
        decision,
        card: {
          question,
          ...(decision === 'deny' ? { deny: 'y' } : { target_name: name.value }),
          ...(reason.value ? { reason: reason.value } : {}),
        },
      },
    });
    await afterwards(card, await sent.catch(lostAnswer));
  };
  const buttons = [
    ...(approve ? [button('Approve', 'approve', () => answer('approve'))] : []),
    button('Deny', 'deny', () => answer('deny')),
  ];
  form.append(
    ...(approve
      ? [label(name, `To approve as ${person}, type ${confirm}`), name]
      : [part('p', '', `You are ${person}.`)]),
    label(reason, 'Reason (optional)'),
    reason,
    element('div', 'buttons', ...buttons),
    said,
  );
  // Return in a field must not choose for the person.
  form.addEventListener('submit', (event) => event.preventDefault());
  return form;
}

function label(input: HTMLInputElement, text: string): HTMLElement {
  const made = part('label', '', text);
  made.htmlFor = input.id;
  return made;
}

/** The client brought nothing back, which is not to say that nothing arrived. */
function lostAnswer(error: unknown): CallToolResult {
  const why = error instanceof Error ? error.message : String(error);
  const text = `It is not known whether this was decided: no answer came (${why}). The ticket's state says.`;
  return { content: [{ type: 'text', text }], isError: true };
}

/** Shows the ticket as it is after an answer, under what the companion said to it, and tells the model. */
async function afterwards(card: Card, result: CallToolResult): Promise<void> {
  const text = textOf(result);
  const outcome = part('p', result.isError ? 'outcome danger' : 'outcome', text);
  // A ticket that can't be fetched now must not be there as it was before the answer.
  await renew(card.ticket_id).catch(() => root.replaceChildren(part('p', 'quiet', notFetched(card))));
  root.prepend(outcome);
  // Not every host keeps a context for its cards.
  await app.updateModelContext({ content: [{ type: 'text', text }] }).catch(() => {});
}

function notFetched({ look }: Card): string {
  return `The ticket could not be fetched again. To see it: ${look}`;
}

await app.connect();
dress(app.getHostContext()?.theme);
