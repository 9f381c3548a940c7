import type { Assurance } from './requirement.ts';
import type { Role } from './statement.ts';

/** An enrolled key and the person whom it speaks for. A person may have several keys. */
export interface ApproverKey {
  readonly name: string;
  readonly id: string;
  readonly publicKey: string;
  /** The same key has the same, whatever it is enrolled as. */
  readonly spki: string;
  /**
   * How much the key counts for now: what it was enrolled for; `hardware` only while its make is verified.
   */
  readonly maxAssurance: Assurance;
  /** What the enrolment says, whatever is verified today. */
  readonly enrolledFor: Assurance;
  /**
   * What it takes to revoke it, and to do what an admin may: what it was enrolled for, but a recovery makes none of
   * that harder.
   */
  readonly weighs: Assurance;
  readonly role: Role;
  readonly enrolledAt: string;
  readonly enrolledBy: string;
  /** Fingerprint of the key that signed for it. */
  readonly enrolledWith: string;
  /** Where in the log it was enrolled, and revoked. */
  readonly enrolledSeq: number;
  readonly revokedSeq?: number;
  readonly revokedAt?: string;
}
