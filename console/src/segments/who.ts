/** So many are named in one request. */
export const perRequest = 1000

/** Who is named in a pasted text or a file: of each line the first cell; a line that is a heading of a known column is none. */
export const namedIn = (text: string): string[] => {
  const cells = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((line) =>
      (line.split(/[,;\t]/)[0] ?? '')
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim(),
    )
  const heading = /^(id|external_?userid|phone|mobile|email|客户编号|外部联系人( ?id)?|手机号?|邮箱)$/i
  return [...new Set(cells.filter((cell, i) => cell !== '' && !(i === 0 && heading.test(cell))))]
}
