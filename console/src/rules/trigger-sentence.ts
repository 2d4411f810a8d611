import type { Trigger, TriggerOf } from '@zhiyin/shared/rule'
import { label, type Lang } from '@zhiyin/shared/text'
import { eventSentence } from './event-sentence.ts'
import { listOf, put, weekdayName, type Names } from './words.ts'

/** 09:00–18:00, with the weekdays where some are named. */
const hoursName = ({ from, to, weekdays }: NonNullable<TriggerOf<'customer.added'>['hours']>, lang: Lang): string => {
  const days = listOf(
    weekdays.map((day) => weekdayName(day, lang)),
    lang,
  )
  const span = from === to ? '' : `${from}–${to}`
  return [days, span].filter((part) => part !== '').join(' ')
}

const addedSentence = (
  { channelIds, userids = [], who, hours }: TriggerOf<'customer.added'>,
  names: Names,
  lang: Lang,
): string => {
  const quoted = (name: string): string => (lang === 'zh' ? `「${name}」` : `“${name}”`)
  const channels = channelIds.map((id) => quoted(names.channel(id)))
  const when = hours === undefined ? '' : hoursName(hours, lang)
  const parts = [
    channels.length === 0 ? put('added', lang) : put('addedBy', lang, { channels: listOf(channels, lang) }),
    ...(userids.length === 0 ? [] : [put('addedTo', lang, { reps: listOf(userids.map(names.rep), lang) })]),
    ...(when === '' ? [] : [put('addedAt', lang, { hours: when })]),
    ...(who === undefined ? [] : [put(who, lang)]),
  ]
  return parts.join(lang === 'zh' ? '，' : ', ')
}

/** 生日前 3 天 10:00: a day counted from a date of the customer. */
const dateSentence = ({ key, name, days, yearly, at }: TriggerOf<'date'>, names: Names, lang: Lang): string => {
  const known = key === '' ? put('aDate', lang) : names.attribute(key)
  const date = known === key ? (name ?? key) : known
  const word = days === 0 ? 'dateOn' : days > 0 ? 'dateAfter' : 'dateBefore'
  const value = put(word, lang, { date, n: Math.abs(days), at })
  return yearly ? put('yearly', lang, { value }) : value
}

const scheduleSentence = ({ at, weekdays, monthdays, zone }: TriggerOf<'schedule'>, lang: Lang): string => {
  const onWeekdays = listOf(
    weekdays.map((day) => weekdayName(day, lang)),
    lang,
  )
  const parts = [
    ...(weekdays.length > 0 ? [put('weekly', lang, { days: onWeekdays, at })] : []),
    ...(monthdays.length > 0 ? [put('monthly', lang, { days: listOf(monthdays.map(String), lang), at })] : []),
  ]
  const value = parts.length === 0 ? put('daily', lang, { at }) : listOf(parts, lang)
  return zone === undefined ? value : put('inZone', lang, { value, zone })
}

export const triggerSentence = (trigger: Trigger, names: Names, lang: Lang): string => {
  const some = (items: readonly string[]): { value: string } => ({ value: listOf(items, lang) || '…' })
  const named = (items: readonly { name: string }[]) => some(items.map(({ name }) => name))
  const stages = (items: readonly string[]) => some(items.map((each) => label('stage', each, lang)))
  switch (trigger.type) {
    case 'customer.added':
      return addedSentence(trigger, names, lang)
    case 'stage.entered':
      return put('stage', lang, stages(trigger.stages))
    case 'stage.left':
      return put('stageLeft', lang, stages(trigger.stages))
    case 'tier.changed':
      return put('tier', lang, some(trigger.to))
    case 'tier.left':
      return put('tierLeft', lang, some(trigger.from))
    case 'tag.added':
      return put('tagged', lang, named(trigger.tags))
    case 'tag.removed':
      return put('untagged', lang, named(trigger.tags))
    case 'segment.entered':
      return put('entered', lang, named(trigger.segments))
    case 'segment.left':
      return put('left', lang, named(trigger.segments))
    case 'event':
      return eventSentence(trigger, lang)
    case 'date':
      return dateSentence(trigger, names, lang)
    case 'schedule':
      return scheduleSentence(trigger, lang)
    case 'manual':
    case 'api':
      return put(trigger.type, lang)
  }
}
