/** The fields of one event: text, numbers (written bare), or lists (written as <Item> children). */
export type EventFields = Record<string, string | number | string[]>

/** Inner XML as the platform writes it: text in CDATA, numbers bare, absent values left out. */
export function toXml(fields: EventFields): string {
  let body = ''
  for (const [name, value] of Object.entries(fields)) body += `<${name}>${content(value)}</${name}>`
  return `<xml>${body}</xml>`
}

function content(value: string | number | string[]): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return cdata(value)
  return value.map((item) => `<Item>${cdata(item)}</Item>`).join('')
}

/** A `]]>` inside is split over two sections. */
function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}

/** The same event with a document type whose entities would grow to a gigabyte. */
export function bombXml(fields: EventFields): string {
  const levels = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')
  const inner = toXml(fields).replace(/<\/xml>$/, '<Remark>&l9;</Remark></xml>')
  return `<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY l0 "zhiyin">${levels}]>${inner}`
}
