import { checkGroups, checks, type CheckGroup } from '@zhiyin/shared/setup/checks'
import { fixText, seenText, type CheckResult, type CheckState } from '@zhiyin/shared/setup/result'
import type { Bilingual, Lang } from '@zhiyin/shared/text'

const colour: Readonly<Record<CheckState | 'dim' | 'bold', string>> = {
  ok: '32',
  wrong: '31',
  unknown: '33',
  dim: '2',
  bold: '1',
}
const words = {
  ok: { zh: '通过', en: 'ok' },
  wrong: { zh: '有误', en: 'WRONG' },
  unknown: { zh: '未知', en: 'unknown' },
  fix: { zh: '怎么改', en: 'mend' },
} as const satisfies Record<string, Bilingual>
const sum: Bilingual = {
  zh: '{ok} 项通过，{wrong} 项有误，{unknown} 项未知',
  en: '{ok} ok, {wrong} wrong, {unknown} unknown',
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/
/** Columns a text takes in a terminal. */
export const widthOf = (text: string): number => [...text].reduce((sum, letter) => sum + (wide.test(letter) ? 2 : 1), 0)
const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)))

type Options = { lang: Lang; colours: boolean; zone: string }

/** The results as a table for a terminal, by group; under what is wrong stands what to click. */
export const tableOf = (results: readonly CheckResult[], { lang, colours, zone }: Options): string => {
  const paint = (name: keyof typeof colour, text: string): string =>
    colours ? `\u001B[${colour[name]}m${text}\u001B[0m` : text
  const titles = Math.max(0, ...results.map(({ id }) => widthOf(checks[id].title[lang])))
  const states = Math.max(...(['ok', 'wrong', 'unknown'] as const).map((state) => widthOf(words[state][lang])))
  const rowOf = (result: CheckResult): string[] => {
    const { id, state } = result
    const fix = fixText(result, lang)
    const head = `  ${paint(state, pad(words[state][lang], states))}  ${pad(checks[id].title[lang], titles)}  ${seenText(result, lang, zone)}`
    return fix === null ? [head] : [head, `  ${' '.repeat(states)}  ${paint('dim', `${words.fix[lang]}: ${fix}`)}`]
  }
  const groups: CheckGroup[] = [...new Set(results.map(({ id }): CheckGroup => checks[id].group))]
  const blocks = groups.map((group) =>
    [
      paint('bold', checkGroups[group][lang]),
      ...results.filter(({ id }) => checks[id].group === group).flatMap(rowOf),
    ].join('\n'),
  )
  const count = (state: CheckState): string => String(results.filter((result) => result.state === state).length)
  const total = sum[lang].replace(/\{(ok|wrong|unknown)\}/g, (_all, state: string) =>
    count(state === 'ok' || state === 'wrong' ? state : 'unknown'),
  )
  return `${[...blocks, total].join('\n\n')}\n`
}
