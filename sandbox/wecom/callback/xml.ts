/** A value of an event: text (CDATA), a number (bare; bigint for 64-bit ids), an element with children, or a list: one element per item. */
export type FieldValue = string | number | bigint | readonly FieldValue[] | { readonly [name: string]: FieldValue }

/** The fields of one event, in the order they are written. */
export type EventFields = Record<string, FieldValue>

/** Inner XML as the platform writes it: text in CDATA, numbers bare, absent values left out. */
export function toXml(fields: EventFields): string {
  return `<xml>${children(fields)}</xml>`
}

function children(fields: Readonly<Record<string, FieldValue>>): string {
  return Object.entries(fields)
    .map(([name, value]) => element(name, value))
    .join('')
}

function element(name: string, value: FieldValue): string {
  if (isList(value)) return value.map((item) => element(name, item)).join('')
  if (typeof value === 'object') return `<${name}>${children(value)}</${name}>`
  return `<${name}>${typeof value === 'string' ? cdata(value) : String(value)}</${name}>`
}

function isList(value: FieldValue): value is readonly FieldValue[] {
  return Array.isArray(value)
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
