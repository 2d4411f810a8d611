import { parseArgs } from 'node:util'
import { t } from './language.ts'

/** One flag of a program: what stands for its value in the help ('' for a switch), and what it does. */
export interface Flag {
  value: string
  zh: string
  en: string
}

/** A program of the sandbox as a person starts it. */
export interface Program {
  name: string
  zh: string
  en: string
  flags: Readonly<Record<string, Flag>>
}

/** What is wrong with the command line, in the person's language. */
export class FlagError extends Error {
  override readonly name = 'FlagError'
}

/** What was given on the command line; switches have the value ''. Throws FlagError. */
export function readFlags(program: Program, args: readonly string[]): ReadonlyMap<string, string> {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(program.flags).map(([name, flag]) => [name, { type: flag.value === '' ? 'boolean' : 'string' }]),
    ),
    strict: false,
    tokens: true,
  })
  const given = new Map<string, string>()
  for (const token of tokens) {
    if (token.kind === 'positional')
      throw new FlagError(t(`“${token.value}”不是参数；看 --help`, `"${token.value}" is not a flag; see --help`))
    if (token.kind === 'option-terminator') continue
    const flag = program.flags[token.name]
    if (!flag)
      throw new FlagError(
        t(`没有 ${token.rawName} 这个参数；看 --help`, `there is no flag ${token.rawName}; see --help`),
      )
    if (flag.value === '' && token.value !== undefined)
      throw new FlagError(t(`--${token.name} 不带值`, `--${token.name} takes no value`))
    if (flag.value !== '' && (token.value === undefined || (!token.inlineValue && token.value.startsWith('--'))))
      throw new FlagError(t(`--${token.name} 后面要有 ${flag.value}`, `--${token.name} needs ${flag.value}`))
    given.set(token.name, token.value ?? '')
  }
  return given
}

/** The text of --help. */
export function helpOf(program: Program): string {
  const rows = Object.entries(program.flags).map(
    ([name, flag]) => [`  --${name} ${flag.value}`.trimEnd(), flag] as const,
  )
  const width = Math.max(...rows.map(([left]) => left.length)) + 2
  const list = rows.map(([left, flag]) => `${left.padEnd(width)}${t(flag.zh, flag.en)}`)
  return `${program.name}: ${t(program.zh, program.en)}\n\n${list.join('\n')}\n`
}
