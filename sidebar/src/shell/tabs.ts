export const tabs = ['customer', 'tasks', 'me'] as const
export type Tab = (typeof tabs)[number]
