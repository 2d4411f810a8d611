/** Tracked links. */
export const links = {
  track: 'Tracked links',
  trackOn: 'Links in messages become short ones of ours that tell who opened them and when.',
  trackOff: 'Links are sent as they are; nobody knows who opened them.',
  title: 'Links opened',
  opens: 'Opened {n}×',
  opened: '{n} links opened at least once',
  never: 'Nobody has opened its links yet',
  shared: 'Many got this text with the same links: these are the openings of all of them, and nobody knows who.',
  own: 'The text is this customer’s own: openings stand in their timeline. Somebody they passed it on to counts here too.',
  times: '{n}×',
}
