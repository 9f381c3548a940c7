import { expect } from 'vitest';
import type { Place } from '../scenes/front-door.ts';
import type { Tables } from '../scenes/tables.ts';
import { type ForeignKey, replacePlan, rewriteLog } from '../scenes/tampering.ts';
import { anaIn, approvalBy, editEntry, forgeApproval, lenient } from './forging.ts';
import {
  approved,
  approvedPlace,
  denied,
  type Held,
  instances,
  pending,
  variousOther,
  variousPlace,
} from './installations.ts';

interface Case {
  readonly what: string;
  readonly place: () => Place;
  readonly ticket: () => Held;
  readonly tamper: (db: Tables, key: ForeignKey) => void;
  /** With what the log ends the ticket; undefined where there is nothing left that could be ended. */
  readonly outcome?: string | undefined;
  /** Whether the log contradicts itself. One that was rewritten as a whole doesn't: then signatures stop it. */
  readonly found: boolean;
  /** What was there before stands as it was: the log that was seen goes on. */
  readonly appends?: true;
}

const onApproved = { place: () => approvedPlace, ticket: () => approved };
const onPending = { place: () => variousPlace, ticket: () => pending };
const onDenied = { place: () => variousPlace, ticket: () => denied };
const set = (column: string, value: (ticket: Held) => string, of: () => Held) => (db: Tables) => {
  expect(db.prepare(`UPDATE ticket SET ${column} = ${value(of())} WHERE id = ?`).run(of().id).changes).toBe(1);
};
/** Another member in the draft of the ticket that is approved. */
const drafted = (more: object) => (db: Tables) => {
  const draft = db.prepare<[string], string>('SELECT draft FROM ticket WHERE id = ?').pluck().get(approved.id);
  const forged = JSON.stringify({ ...JSON.parse(draft!), ...more });
  expect(db.prepare('UPDATE ticket SET draft = ? WHERE id = ?').run(forged, approved.id).changes).toBe(1);
};

export const CASES: readonly Case[] = [
  {
    what: "the plan's bytes",
    ...onApproved,
    tamper: set(
      'plan',
      () => `replace(plan, '"production"', '"sandbox"')`,
      () => approved,
    ),
    outcome: 'tampered',
    found: true,
  },
  {
    what: 'the digest',
    ...onApproved,
    tamper: set(
      'digest',
      ({ digest }) => `'${digest.split('').reverse().join('')}'`,
      () => approved,
    ),
    outcome: 'tampered',
    found: true,
  },
  {
    what: 'the requirement, with a digest to match',
    ...onApproved,
    tamper: (db) => void replacePlan(db, approved.id, lenient),
    outcome: 'tampered',
    found: true,
  },
  {
    what: 'the requirement, with digest and log to match',
    ...onApproved,
    tamper: (db) => void replacePlan(db, approved.id, lenient, true),
    outcome: 'approval_invalid',
    found: false,
  },
  {
    what: 'the target, with digest and log to match',
    ...onApproved,
    tamper: (db) =>
      void replacePlan(
        db,
        approved.id,
        (plan) => JSON.parse(JSON.stringify(plan).replaceAll(instances.victim!, instances.night!)),
        true,
      ),
    outcome: 'approval_invalid',
    found: false,
  },
  {
    what: 'who the agent works for, in the row alone',
    ...onApproved,
    tamper: drafted({ operator: 'ana' }),
    outcome: 'tampered',
    found: true,
  },
  {
    what: 'its expiry, in the row alone',
    ...onApproved,
    tamper: drafted({ expires_at: '2099-01-01T00:00:00.000Z' }),
    outcome: 'tampered',
    found: true,
  },
  {
    what: "the decision's statement",
    ...onApproved,
    tamper: (db) =>
      editEntry(db, 'decision.recorded', approved.id, '\\"assurance\\":\\"key\\"', '\\"assurance\\":\\"presence\\"'),
    outcome: 'tampered',
    found: true,
  },
  {
    what: "the decision's signature, with the log to match",
    ...onApproved,
    tamper: (db) =>
      rewriteLog(db, (entries) =>
        entries.map((entry) =>
          entry.ticket === approved.id && entry.type === 'decision.recorded'
            ? { ...entry, detail: { ...entry.detail, signature: Buffer.alloc(64, 7).toString('base64') } }
            : entry,
        ),
      ),
    outcome: 'approval_invalid',
    found: false,
  },
  {
    what: 'the decision: its entry is gone',
    ...onApproved,
    tamper: (db) =>
      void db
        .prepare(
          "DELETE FROM entry WHERE seq IN (SELECT seq FROM audit_events WHERE ticket = ? AND type = 'decision.recorded')",
        )
        .run(approved.id),
    outcome: 'tampered',
    found: true,
  },
  {
    what: 'the decision: it is gone, with the log to match',
    ...onApproved,
    tamper: (db) =>
      rewriteLog(db, (entries) =>
        entries.filter((entry) => entry.ticket !== approved.id || entry.type !== 'decision.recorded'),
      ),
    outcome: 'approval_invalid',
    found: false,
  },
  {
    what: 'the key of the approver: another one stands in her enrolment',
    ...onApproved,
    tamper: (db, key) => {
      const { by } = anaIn(db);
      const decision = key.sign(approvalBy({ key: key.id, by }, approved));
      rewriteLog(db, (entries) =>
        entries.map((entry) => {
          if (entry.type === 'decision.recorded' && entry.ticket === approved.id)
            return { ...entry, detail: { ...entry.detail, ...decision } };
          const statement = entry.type === 'approver.enrolled' ? JSON.parse(entry.detail.statement) : undefined;
          if (statement?.max_assurance !== 'key') return entry;
          const enrolment = { ...statement, public_key: key.publicKey, public_key_id: key.id, key: key.id };
          return { ...entry, detail: { ...entry.detail, ...key.sign(enrolment), key: key.id } };
        }),
      );
    },
    outcome: 'approval_invalid',
    found: false,
  },
  {
    what: 'the state of a pending ticket',
    ...onPending,
    tamper: set(
      'state',
      () => `'approved'`,
      () => pending,
    ),
    outcome: 'tampered',
    found: true,
  },
  {
    what: 'the state of a pending ticket, with the log to match',
    ...onPending,
    tamper: (db) => forgeApproval(db, pending),
    outcome: 'approval_invalid',
    found: false,
    appends: true,
  },
  {
    what: "a decision that somebody without a key made in the approver's name",
    ...onPending,
    tamper: (db, key) => forgeApproval(db, pending, key.sign(approvalBy(anaIn(db), pending))),
    outcome: 'approval_invalid',
    found: false,
    appends: true,
  },
  {
    what: "another ticket's approval",
    ...onPending,
    tamper: (db) => {
      const [signed] = db
        .prepare<[string], string>("SELECT detail FROM audit_events WHERE ticket = ? AND type = 'decision.recorded'")
        .pluck()
        .all(variousOther.id);
      const { statement, signature } = JSON.parse(signed!);
      forgeApproval(db, pending, { statement, signature });
    },
    outcome: 'approval_invalid',
    found: false,
    appends: true,
  },
  {
    what: 'an approver who enrolled himself, and his decision',
    ...onPending,
    tamper: (db, key) => {
      const signer = { key: key.id, by: 'eve' };
      const { at } = db.prepare('SELECT max(at) AS at FROM audit_events').get() as { at: string };
      const enrolment = key.sign({
        kind: 'enroll',
        name: 'eve',
        public_key: key.publicKey,
        public_key_id: key.id,
        max_assurance: 'hardware',
        nonce: 'e'.repeat(32),
        signed_at: at,
        ...signer,
      });
      rewriteLog(db, (entries) => [
        ...entries,
        {
          at,
          type: 'approver.enrolled',
          actor: 'approver:ana',
          detail: { name: 'eve', ...enrolment, statement_seq: 0 },
        },
      ]);
      forgeApproval(db, pending, key.sign(approvalBy(signer, pending)));
    },
    outcome: 'approval_invalid',
    found: false,
  },
  {
    what: 'the state of a denied ticket',
    ...onDenied,
    tamper: set(
      'state',
      () => `'approved'`,
      () => denied,
    ),
    outcome: 'tampered',
    found: true,
  },
  {
    what: 'the state of a denied ticket, with the log to match but for the signed denial',
    ...onDenied,
    tamper: (db) =>
      rewriteLog(db, (entries) => {
        db.prepare("UPDATE ticket SET state = 'approved' WHERE id = ?").run(denied.id);
        return entries.map((entry) =>
          entry.ticket === denied.id && entry.type === 'ticket.denied' ? { ...entry, type: 'ticket.approved' } : entry,
        );
      }),
    outcome: 'denied',
    found: false,
  },
  {
    what: 'the ticket: its row is gone',
    ...onApproved,
    tamper: (db) => void db.prepare('DELETE FROM ticket WHERE id = ?').run(approved.id),
    found: true,
  },
];
