export const tabs = ['customer', 'talk', 'tasks', 'me'] as const
export type Tab = (typeof tabs)[number]
