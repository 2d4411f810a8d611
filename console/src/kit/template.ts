import type { Lang } from '@zhiyin/shared/text'

const names: Readonly<Record<string, { zh: string; en: string }>> = {
  'customer.name': { zh: '客户昵称', en: 'customer name' },
  'rep.name': { zh: '顾问姓名', en: 'rep name' },
  tier: { zh: '层级', en: 'tier' },
  days_silent: { zh: '沉默天数', en: 'days silent' },
}

/** A template for reading at a glance: its variables as ‹客户昵称› in place of their code. */
export const readable = (template: string, lang: Lang): string =>
  template.replace(/\{\{\s*([\w.]+)[^}]*\}\}/g, (code, name: string) => {
    const word = names[name]?.[lang]
    return word === undefined ? code : `‹${word}›`
  })
