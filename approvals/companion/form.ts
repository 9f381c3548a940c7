import { randomBytes } from 'node:crypto';
import {
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  inputRequired,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { ticketText } from '../render/ticket.ts';
import { confirmationOf, quoted } from '../render/words.ts';
import type { Review } from '../review.ts';

/** What a form was shown for. It comes back from the client, sealed: the client can neither alter nor make one. */
const Asked = z.strictObject({
  /** The ticket as the call named it, which the call with the answer must repeat. */
  named: z.string(),
  ticket: z.string(),
  digest: z.string(),
  decision: z.enum(['approve', 'deny']),
  reason: z.string().optional(),
  person: z.string(),
  nonce: z.string(),
});
export type Asked = z.infer<typeof Asked>;

/** What a person answers. A client that accepts by itself has no name to type. */
export const Answer = z.object({ target_name: z.string(), reason: z.string().max(2000).optional() });

const FORM_TTL_SECONDS = 600;
const FORM_WIDTH = 78;
const FORM_IMPACT = 10;

export interface Forms {
  readonly codec: RequestStateCodec;
  /** Notes that a form goes out. */
  issue(asked: Omit<Asked, 'nonce'>): Asked;
  /** Takes back what a form was shown for, once: an answer that is sent again decides nothing. */
  redeem(state: unknown): Asked | undefined;
}

/** One per process, shared by all protocol eras: the key and the open forms die with it. */
export function createForms(now: () => Date): Forms {
  const open = new Map<string, number>();
  return {
    codec: createRequestStateCodec({ key: randomBytes(32), ttlSeconds: FORM_TTL_SECONDS, bind: boundTo }),
    issue(asked) {
      const nonce = randomBytes(16).toString('hex');
      const at = now().getTime();
      for (const [old, issued] of open) if (at - issued > FORM_TTL_SECONDS * 1000) open.delete(old);
      open.set(nonce, at);
      return { ...asked, nonce };
    },
    redeem(state) {
      const asked = Asked.safeParse(state);
      return asked.success && open.delete(asked.data.nonce) ? asked.data : undefined;
    },
  };
}

/** A form of one tool doesn't answer another's question. */
function boundTo({ mcpReq }: ServerContext): string {
  return `approvals_decide\0${mcpReq.method}`;
}

/** What the client says it can do: in each request since 2026-07-28, at the beginning of the connection before. */
const Declared = z.object({ elicitation: z.object({ form: z.unknown(), url: z.unknown() }).partial().optional() });

/** Whether this client can show a form. A bare `elicitation: {}` is how older clients say so. */
export function canShowForm(server: McpServer, { mcpReq }: ServerContext): boolean {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {};
  const declared = Declared.safeParse(envelope[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities());
  const elicitation = declared.data?.elicitation;
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

/** The form: the same rendering as everywhere, and the name of the target to be typed. */
export async function askPerson(forms: Forms, review: Review, asked: Asked, now: Date, context: ServerContext) {
  const { what } = confirmationOf(review.plan, review.digest);
  const rendering = ticketText(review, { width: FORM_WIDTH, impact: FORM_IMPACT, now });
  const reason =
    asked.reason === undefined ? '' : `\n\nReason that would be recorded as yours: ${quoted(asked.reason, 2000)}`;
  return inputRequired({
    inputRequests: {
      decision: inputRequired.elicit({
        message: `${asked.decision.toUpperCase()} this as ${asked.person}?\n\n${rendering}${reason}`,
        requestedSchema: {
          type: 'object',
          properties: {
            target_name: {
              type: 'string',
              title: `To ${asked.decision}, type ${what}`,
              description: 'Exactly as it is shown above. Decline or cancel to decide nothing.',
            },
            reason: { type: 'string', title: 'Reason (optional)', maxLength: 2000 },
          },
          required: ['target_name'],
        },
      }),
    },
    requestState: await forms.codec.mint(asked, context),
  });
}
