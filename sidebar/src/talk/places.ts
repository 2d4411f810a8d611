/** What there is to say or do for the customer, side by side. */
export const places = ['talk', 'material', 'waiting', 'tasks'] as const
export type Place = (typeof places)[number]
