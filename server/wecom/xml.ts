import { SaxesParser } from 'saxes'

/** An element: its text, or its children by name. Every name holds a list, whether it stands once or often. Text stays text: `007` is no number. */
export type XmlValue = string | XmlElement
export type XmlElement = ReadonlyMap<string, readonly XmlValue[]>

/** The text is not XML as WeCom writes it, or too deep or large; the message says which. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
}

const MAX_DEPTH = 8
const MAX_ELEMENTS = 5000
const plainName = /^[A-Za-z][A-Za-z0-9_.-]*$/

type Open = { readonly name: string; text: string; children: Map<string, XmlValue[]> | null }

const add = (parent: Open, name: string, value: XmlValue): void => {
  parent.children ??= new Map()
  const before = parent.children.get(name)
  if (before) before.push(value)
  else parent.children.set(name, [value])
}

/**
 * Reads a small XML document with the root `xml`. No document type, no entities beyond the five of XML (an undefined one is an error),
 * no processing instructions; at most 8 levels and 5000 elements; the caller limits the size. Throws XmlError.
 */
export const parseXml = (source: string): XmlElement => {
  const parser = new SaxesParser({ position: false })
  const open: Open[] = []
  let elements = 0
  let root: Open | null = null
  const fail = (problem: string): never => {
    throw new XmlError(problem)
  }
  const write = (text: string): void => {
    const top = open.at(-1)
    if (top) top.text += text
  }
  parser.on('error', (error) => fail(error.message))
  parser.on('doctype', () => fail('a document type'))
  parser.on('processinginstruction', () => fail('a processing instruction'))
  parser.on('opentagstart', ({ name }) => {
    elements += 1
    if (elements > MAX_ELEMENTS) fail('too many elements')
    if (open.length >= MAX_DEPTH) fail('too deep')
    if (!plainName.test(name)) fail('an odd element name')
    open.push({ name, text: '', children: null })
  })
  parser.on('text', write)
  parser.on('cdata', write)
  parser.on('closetag', () => {
    const done = open.pop()
    if (done === undefined) return
    const parent = open.at(-1)
    if (parent) add(parent, done.name, done.children ?? done.text)
    else root = done
  })
  parser.write(source).close()
  return rootOf(root)
}

const rootOf = (root: Open | null): XmlElement => {
  if (root?.name !== 'xml') throw new XmlError('the root is not <xml>')
  return root.children ?? new Map()
}

/** The text of the only or first element of a name; undefined when missing, empty or not text. */
export const textIn = (element: XmlElement, name: string): string | undefined => {
  const value = element.get(name)?.[0]
  return typeof value === 'string' && value !== '' ? value : undefined
}
