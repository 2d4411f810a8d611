/** Everything that was sent. */
export const sends = {
  hint: 'Everything the product sends, with its state and reason; open one to see its whole life.',
  delivery: 'Delivery',
  empty: 'No sends',
  emptyHint: 'Once a rule is on or a push is made, each message appears here.',
  notYours: 'A customer of another department',
  byHand: 'By hand',
  life: 'The life of this message',
}
