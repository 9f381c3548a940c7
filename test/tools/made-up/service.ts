import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Json } from '../../../src/kernel/digest.ts';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import { defineChangeTool, defineReadTool } from '../../../tools/define.ts';
import { Reason, Region } from '../../../tools/fields.ts';
import type { Service } from '../../../tools/ports/service.ts';

/* A service that AWS hasn't: books are closed, and planning leaves a draft of what closing would do. */

export interface Book {
  open: boolean;
  closed_by?: string;
  opened_by?: string;
  drafts: string[];
}

/** `GET /BOOK`, `PUT` and `DELETE /BOOK/DRAFT`, `POST` and `PATCH /BOOK/TOKEN` close and open it. */
export async function startLedger(books: Record<string, Book>) {
  const sent: string[] = [];
  const server = createServer((request, response) => {
    const [, name = '', id = ''] = (request.url ?? '').split('/');
    const book = books[name];
    if (request.method !== 'GET') sent.push(`${request.method} ${request.url}`);
    if (request.method === 'PUT') book?.drafts.push(id);
    if (request.method === 'DELETE' && book) book.drafts = book.drafts.filter((draft) => draft !== id);
    if (request.method === 'POST' && book) Object.assign(book, { open: false, closed_by: id });
    if (request.method === 'PATCH' && book) Object.assign(book, { open: true, opened_by: id });
    response.end(JSON.stringify(name === '' ? Object.keys(books) : (book ?? null)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, sent, close: () => server.close() };
}

export function ledgerTools(url: string) {
  const ask = async <T>(path: string, method = 'GET') =>
    (await (await fetch(`${url}/${path}`, { method })).json()) as T;
  const LEDGER = {
    name: 'ledger',
    readers: () => ({
      books: async () => await ask<string[]>(''),
      book: async (name: string) => await ask<Book | null>(name),
    }),
    planners: () => ({ draft: async (name: string, id: string) => await ask(`${name}/${id}`, 'PUT') }),
    writers: () => ({
      close: async (name: string, token: string) => void (await ask(`${name}/${token}`, 'POST')),
      open: async (name: string, token: string) => void (await ask(`${name}/${token}`, 'PATCH')),
      removeDraft: async (name: string, draft: string) => void (await ask(`${name}/${draft}`, 'DELETE')),
    }),
  } satisfies Service<object, object, object>;
  const draftOf = (ticket: string) => `draft-${ticket}`;

  const listBooks = defineReadTool({
    name: 'ledger_list_books',
    title: 'List books',
    description: 'The books of the ledger.',
    toolset: LEDGER.name,
    actions: ['ledger:ListBooks'],
    // The log isn't told what to keep of a shelf.
    input: z.strictObject({ shelf: z.string().optional(), region: Region.optional() }),
    log: { region: 'shown' },
    read: async (_, readers) => ({ books: await readers.of(LEDGER).books() }) as Json,
  });

  const closeBook = defineChangeTool({
    name: 'ledger_close_book',
    title: 'Close a book',
    description: 'Close one book: nothing is written into it any more.',
    toolset: LEDGER.name,
    action: 'ledger:CloseBook',
    reads: ['ledger:GetBook', 'ledger:CreateDraft'],
    evidence: 'the entry of its own in the book',
    effects: ['delete'],
    refusals: { not_found: 'there is no such book', no_changes: 'it is closed' },
    input: z.strictObject({
      book: z.string().min(1),
      memo: z.string().optional(),
      region: Region.optional(),
      reason: Reason,
    }),
    log: { book: 'shown', memo: { sha256_as: 'memo_sha256' }, region: 'shown', reason: 'shown' },
    names: ['book_name'],
    stored: z.strictObject({ book: z.string() }),
    record: ({ book }) => ({ book }),
    makes: {
      what: 'draft',
      request: 'CreateDraft',
      residue: z.strictObject({ book: z.string(), draft: z.string() }),
      ofTicket: ({ draft }, ticket) => draft === draftOf(ticket),
    },
    async prepare({ book }, { ticket, readers, planners, announce }) {
      const { account, region } = readers.caller;
      const draft = draftOf(ticket);
      await announce({ account, region, book, draft });
      await planners.of(LEDGER).draft(book, draft);
      return { what: 'draft', id: draft };
    },
    async plan({ book }, readers, made) {
      const found = await readers.of(LEDGER).book(book);
      if (!found) throw new HoldshortError('not_found', `there is no book ${book}`, 'take one from ledger_list_books');
      if (!found.open) throw new HoldshortError('no_changes', `${book} is closed`, 'go on without this call');
      return {
        summary: `close book ${book}`,
        targets: [{ id: book, type: 'Ledger::Book', name: book, book_name: book, tags: {} }],
        impact: [
          {
            resource: book,
            type: 'Ledger::Book',
            effect: 'delete' as const,
            detail: 'it is closed',
            recoverable: false,
          },
        ],
        lifecycle: { kind: 'book', name: book, event: 'delete' },
        guard: { open: found.open, draft: found.drafts.includes(made?.id ?? '') },
      };
    },
    permits: ({ arguments: { book } }) => ({
      permissions: [{ actions: ['ledger:CloseBook'], resources: [`arn:aws:ledger:::${book}`] }],
    }),
    execute: async ({ arguments: { book } }, writers, { token }) => await writers.of(LEDGER).close(book, token),
    async observe({ arguments: { book } }, readers, { token }) {
      const found = await readers.of(LEDGER).book(book);
      const done = found?.closed_by === token;
      return { state: done ? 'succeeded' : 'unknown', evidence: 'request', detail: 'the book says so', resources: [] };
    },
    async discard({ book = '', draft = '' }, { readers, writers }) {
      if (!(await readers.of(LEDGER).book(book))?.drafts.includes(draft)) return 'absent';
      await writers.of(LEDGER).removeDraft(book, draft);
      return 'removed';
    },
  });

  const openBook = defineChangeTool({
    name: 'ledger_open_book',
    title: 'Open a book',
    description: 'Open one book that was closed, as an empty one.',
    toolset: LEDGER.name,
    action: 'ledger:OpenBook',
    reads: ['ledger:GetBook'],
    evidence: 'the entry of its own in the book',
    effects: ['create', 'replace'],
    refusals: { not_found: 'there is no such book', no_changes: 'it is open' },
    input: z.strictObject({ book: z.string().min(1), region: Region.optional(), reason: Reason }),
    log: { book: 'shown', region: 'shown', reason: 'shown' },
    names: ['book_name'],
    stored: z.strictObject({ book: z.string() }),
    record: ({ book }) => ({ book }),
    async plan({ book }, readers) {
      const found = await readers.of(LEDGER).book(book);
      if (!found) throw new HoldshortError('not_found', `there is no book ${book}`, 'take one from ledger_list_books');
      if (found.open) throw new HoldshortError('no_changes', `${book} is open`, 'go on without this call');
      const target = { id: book, type: 'Ledger::Book' };
      return {
        summary: `open book ${book}`,
        targets: [{ ...target, name: book, book_name: book, tags: {} }],
        impact: [{ resource: book, type: target.type, effect: 'create', detail: 'it is empty', recoverable: true }],
        lifecycle: { kind: 'book', name: book, event: 'create' },
        guard: { open: found.open },
      };
    },
    permits: ({ arguments: { book } }) => ({
      permissions: [{ actions: ['ledger:OpenBook'], resources: [`arn:aws:ledger:::${book}`] }],
    }),
    execute: async ({ arguments: { book } }, writers, { token }) => await writers.of(LEDGER).open(book, token),
    async observe({ arguments: { book } }, readers, { token }) {
      const done = (await readers.of(LEDGER).book(book))?.opened_by === token;
      return { state: done ? 'succeeded' : 'unknown', evidence: 'request', detail: 'the book says so', resources: [] };
    },
  });
  return [listBooks, closeBook, openBook];
}
