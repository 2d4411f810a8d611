/** Trying a rule: whom it would meet today. */
export const dryRun = {
  limited: 'Only customers whom you may see are counted; a rule holds for everybody’s.',
  title: 'Who it would meet today',
  hint: 'a trial, nothing is sent',
  behind: 'working it out…',
  missing: 'To try it, still needed',
  problems: 'Mind this',
  nobody: 'Of {n} customers nobody qualifies today. Loosen a condition and try again.',
  checked: '{n} customers looked at, {shown} listed',
  more: 'List {n} more',
  see: 'see text',
  hide: 'hide',
  by: 'by {rep}',
  colon: ': ',
  count: { send: 'go out', wait: 'wait', block: 'held back', holdout: 'holdout', skip: 'stay out' },
  outcome: {
    send: 'Goes out',
    wait: 'Waits first',
    block: 'Held back',
    holdout: 'Holdout, left alone',
    skip: 'Does not enter',
  },
}
