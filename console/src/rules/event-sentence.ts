import type { EventMatch, FieldTest } from '@zhiyin/shared/rule'
import { label, moneyOf, type Lang } from '@zhiyin/shared/text'
import { eventName, listOf, put } from './words.ts'

/** 金额, category: a field of an event as people call it; one nobody has words for by its own name. */
export const fieldName = (field: string, lang: Lang): string => label('eventField', field, lang)

/** Amounts are kept in minor units. */
const valueName = (field: string, value: string | number | boolean, lang: Lang): string => {
  if (typeof value === 'boolean') return put(value ? 'yes' : 'no', lang)
  return field === 'amount' && typeof value === 'number' ? moneyOf(value) : String(value)
}

/** 金额至少 ¥500: what one field of an event must be. */
export const fieldSentence = ({ field, test }: FieldTest, lang: Lang): string => {
  const of = { field: fieldName(field, lang) || '…' }
  switch (test.op) {
    case 'is': {
      const values = test.values.map((value) => valueName(field, value, lang))
      return put('fieldIs', lang, { ...of, value: listOf(values, lang) || '…' })
    }
    case 'contains':
      return put('fieldContains', lang, { ...of, value: test.text || '…' })
    case 'at_least':
      return put('fieldAtLeast', lang, { ...of, value: valueName(field, test.value, lang) })
    case 'at_most':
      return put('fieldAtMost', lang, { ...of, value: valueName(field, test.value, lang) })
  }
}

/** 下单（金额至少 ¥500）: an event and what its fields must be. */
export const eventSentence = ({ event, name, where }: EventMatch, lang: Lang): string => {
  const what =
    event === 'behavior.tracked' && name
      ? put('eventNamed', lang, { name: label('fact', name, lang) })
      : put('event', lang, { event: eventName(event, lang) })
  if (where.length === 0) return what
  return put('eventWhere', lang, {
    event: what,
    where: listOf(
      where.map((test) => fieldSentence(test, lang)),
      lang,
    ),
  })
}
