import type { AuditEvent } from '../../../audit/entry.ts';
import { parseStored } from '../../../audit/stored-json.ts';
import { type Json, stableJson } from '../../../kernel/digest.ts';
import type { StoredResidue } from '../../port.ts';
import { AT_ONCE } from '../../story/finding.ts';
import { ordinary } from '../../story/ordinary.ts';
import { type ResidueClaim, requireResidueClaim, residueTaken } from '../../story/residues.ts';
import { LEAVING, orphanedUntil } from '../../story/windows.ts';
import type { Reader } from '../reader.ts';
import type { Writing } from '../writing.ts';

/** Durable before the request goes out: after a crash it says what to look for in AWS. */
export async function announceResidue(
  writing: Writing,
  agent: string,
  { ticket, tool, residue }: Omit<StoredResidue, 'announced_at'>,
  event: AuditEvent,
): Promise<void> {
  await writing.run(
    'INSERT INTO holdshort.residue (ticket, residue, tool, agent, announced_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
    ticket,
    stableJson(residue),
    tool,
    agent,
    Date.parse(writing.at),
  );
  await writing.log({ event: ordinary(event), tells: [] });
}

export async function abandonResidue(writing: Writing, agent: string, ticket: string): Promise<void> {
  await writing.all('SELECT holdshort.abandon($1, $2)', ticket, agent);
}

type Named = Pick<StoredResidue, 'ticket' | 'residue'>;

const CLAIM = 'SELECT claim_owner, claim_until FROM holdshort.residue WHERE ticket = $1 AND residue = $2 FOR UPDATE';
const WRITE = 'UPDATE holdshort.residue SET claim_owner = $3, claim_until = $4 WHERE ticket = $1 AND residue = $2';

function claimOn(db: Reader, { ticket, residue }: Named): Promise<ResidueClaim | undefined> {
  return db.get<ResidueClaim>(CLAIM, ticket, stableJson(residue));
}

async function writeClaim(db: Reader, { ticket, residue }: Named, { claim_owner, claim_until }: ResidueClaim) {
  await db.all(WRITE, ticket, stableJson(residue), claim_owner, claim_until);
}

/** Is it this executor's to remove, for so long? */
export async function takeResidue(db: Reader, of: Named, owner: string, leaseMs: number): Promise<boolean> {
  const taken = residueTaken(await claimOn(db, of), owner, leaseMs, db.now);
  if (taken) await writeClaim(db, of, taken);
  return taken !== undefined;
}

export async function releaseResidue(db: Reader, of: Named, owner: string): Promise<void> {
  if ((await claimOn(db, of))?.claim_owner === owner)
    await writeClaim(db, of, { claim_owner: null, claim_until: null });
}

export async function residueRemoved(
  writing: Writing,
  of: StoredResidue,
  owner: string,
  event: AuditEvent,
): Promise<void> {
  requireResidueClaim(await claimOn(writing, of), owner, of);
  await writing.all('SELECT holdshort.remove_residue($1, $2)', of.ticket, stableJson(of.residue));
  await writing.log({ event: ordinary(event), tells: [] });
}

const LEFT = `SELECT r.ticket, r.tool, r.residue, r.announced_at
  FROM holdshort.residue AS r LEFT JOIN holdshort.ticket AS t ON t.id = r.ticket
  WHERE r.ticket > $1 AND ((r.abandoned AND t.id IS NULL) OR t.state IN (${LEAVING.map((state) => `'${state}'`).join(', ')})
    OR (t.id IS NULL AND r.announced_at <= $2))
  ORDER BY r.ticket, r.residue LIMIT ${AT_ONCE}`;

export async function leftResidues(db: Reader, after?: StoredResidue): Promise<readonly StoredResidue[]> {
  const rows = await db.all<{ ticket: string; tool: string; residue: string; announced_at: number }>(
    LEFT,
    after?.ticket ?? '',
    orphanedUntil(db.now),
  );
  return rows.flatMap(({ ticket, tool, residue, announced_at }) => {
    const told = residueIn(residue);
    return told ? [{ ticket, tool, residue: told, announced_at: new Date(announced_at).toISOString() }] : [];
  });
}

/** None where the row holds none: one that is not our own's must not keep the others from being removed. */
function residueIn(text: string): { readonly [key: string]: Json } | undefined {
  try {
    const told = parseStored(text);
    return typeof told === 'object' && told !== null && !Array.isArray(told)
      ? (told as { [key: string]: Json })
      : undefined;
  } catch {
    return undefined;
  }
}
