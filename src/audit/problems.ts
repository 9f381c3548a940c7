/** What verification found. `seq` names the entry, `ticket` the ticket, where there is one to name. */
export interface LogProblem {
  readonly seq?: number;
  readonly ticket?: string;
  readonly code:
    | 'entry_altered'
    | 'entry_missing'
    | 'entry_moved'
    | 'entry_unreadable'
    | 'entry_beyond'
    | 'entry_rewritten'
    | 'signature'
    | 'database'
    | 'not_as_seen'
    | 'time_went_back'
    | 'log_shrank'
    | 'tree_altered'
    | 'ticket_story'
    | 'ticket_state'
    | 'ticket_plan'
    | 'ticket_missing'
    | 'ticket_not_logged';
  readonly message: string;
}

export interface Problems {
  add(problem: LogProblem): void;
  found(): { readonly list: readonly LogProblem[]; readonly more: number };
}

/** A log that was written over from end to end has a problem in each line; the first ones tell enough. */
const MOST = 100;

export function problemList(): Problems {
  const list: LogProblem[] = [];
  let more = 0;
  return {
    add(problem) {
      if (list.length < MOST) list.push(problem);
      else more += 1;
    },
    found: () => ({ list, more }),
  };
}
