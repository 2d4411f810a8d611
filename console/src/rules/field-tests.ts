import type { FieldTest, TriggerEvent } from '@zhiyin/shared/rule'

type Op = FieldTest['test']['op']

/** The fields of an event that can be asked for; of a behaviour any of its properties, by name. */
export const fieldsOf = (event: TriggerEvent): readonly string[] => {
  switch (event) {
    case 'order.completed':
      return ['amount', 'category', 'product', 'brand', 'currency']
    case 'order.refunded':
      return ['amount', 'currency']
    case 'link.opened':
      return ['url', 'contentId']
    case 'group.joined':
    case 'group.left':
      return ['chatId']
    case 'behavior.tracked':
    case 'order.cancelled':
    case 'customer.replied':
    case 'contact.deleted_by_customer':
      return []
  }
}

export const hasFields = (event: TriggerEvent): boolean => event === 'behavior.tracked' || fieldsOf(event).length > 0

/** What can be asked of a field: amounts by size, what is chosen from a list by that, texts by value or part, a property by any. */
export const opsOf = (field: string, event: TriggerEvent): readonly Op[] => {
  if (field === 'amount' && event !== 'behavior.tracked') return ['at_least', 'at_most']
  if (field === 'contentId' || field === 'chatId' || field === 'currency') return ['is']
  return event === 'behavior.tracked' ? ['is', 'contains', 'at_least', 'at_most'] : ['is', 'contains']
}

export const startFieldTest = (op: Op, money: boolean): FieldTest['test'] => {
  switch (op) {
    case 'is':
      return { op, values: [] }
    case 'contains':
      return { op, text: '' }
    case 'at_least':
    case 'at_most':
      return { op, value: money ? 10_000 : 1 }
  }
}

/** What somebody typed as values of a property: a figure means the figure. */
export const typedValues = (texts: readonly string[], property: boolean): (string | number)[] =>
  texts.map((text) => (property && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text))
