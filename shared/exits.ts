/** What ends a rule early for a customer: they buy, answer, or object (withdraw the consent to be written to). */
export const exits = ['ordered', 'replied', 'objected'] as const
