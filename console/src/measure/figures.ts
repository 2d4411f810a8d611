import type { Comparison, Estimated, Verdict } from '@zhiyin/shared/measure'
import { label, type Lang } from '@zhiyin/shared/text'

const one = (share: number): string => {
  const percent = share * 100
  const digits = Math.abs(percent) < 10 && percent !== 0 ? 1 : 0
  return percent.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: digits })
}

/** 0.123 as 12%; small ones with a decimal. */
export const shareText = (share: number): string => `${one(share)}%`
/** A lift with its sign: +25%, −3.2%. */
export const liftText = (lift: number): string => `${lift > 0 ? '+' : ''}${one(lift).replace('-', '−')}%`

export const toneOf: Readonly<Record<Verdict, '' | 'ok' | 'warn' | 'bad'>> = {
  no_base: '',
  nothing_yet: '',
  not_yet: '',
  early_better: 'warn',
  early_worse: 'warn',
  alike: '',
  better: 'ok',
  worse: 'bad',
}

/** What an arm is called: by its name, by its place, or by what it is. */
export const armText = (
  { kind, arms }: Pick<Comparison, 'kind' | 'arms'>,
  arm: string,
  lang: Lang,
  numbered: (n: number) => string,
): string => {
  if (kind !== 'split') return label('arm', arm, lang)
  const index = arms.findIndex((one) => one.arm === arm)
  const name = arms[index]?.name ?? ''
  return name === '' ? numbered(index + 1) : name
}

/** How far a drawing of these estimates reaches to either side of nothing; never so far that a wide one flattens all others. */
export const reachOf = (list: readonly (Estimated | null)[]): number => {
  const ends = list.flatMap((each) =>
    each === null ? [] : [Math.abs(each.within.low), Math.abs(each.within.high ?? 0)],
  )
  return Math.min(2, Math.max(0.25, ...ends) * 1.1)
}
