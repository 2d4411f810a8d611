import type { RejectedMessage } from '@zhiyin/shared/api/ingest'
import type { Lang } from '@zhiyin/shared/text'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A cell a spreadsheet shows as it is, and never runs as a formula. */
const cell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}

const heads: Readonly<Record<Lang, readonly string[]>> = {
  zh: ['时间', '类型', '谁', '来源', '地址', '原因', '原文'],
  en: ['time', 'type', 'who', 'source', 'address', 'reason', 'raw'],
}

/** Rejected messages as CSV (with the mark Excel knows UTF-8 by), piece by piece. */
export async function* csvOf(pages: AsyncIterable<RejectedMessage[]>, lang: Lang): AsyncGenerator<Uint8Array> {
  yield bytes(`\uFEFF${heads[lang].map(cell).join(',')}\r\n`)
  for await (const page of pages)
    yield bytes(
      page
        .map(({ at, kind, who, source, path, problem, raw }) =>
          [at, kind, who, source, path, problem[lang], raw].map(cell).join(','),
        )
        .join('\r\n') + '\r\n',
    )
}

/** The same as one JSON array. */
export async function* jsonOf(pages: AsyncIterable<RejectedMessage[]>): AsyncGenerator<Uint8Array> {
  let before = '[\n'
  for await (const page of pages) {
    yield bytes(before + page.map((item) => JSON.stringify(item)).join(',\n'))
    before = ',\n'
  }
  yield bytes(before === '[\n' ? '[]\n' : '\n]\n')
}
