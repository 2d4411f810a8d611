import { createDecipheriv, createHash } from 'node:crypto'
import { SaxesParser } from 'saxes'

/**
 * Reads callbacks the way the platform's description says, with nothing of the code that makes them: node:crypto for the envelope, saxes
 * for the XML.
 */

/** The signature of a callback: SHA-1 of the sorted four. */
export function signatureOf(token: string, timestamp: string, nonce: string, encrypted: string): string {
  return createHash('sha1').update([token, timestamp, nonce, encrypted].sort().join('')).digest('hex')
}

/** What is in a ciphertext; throws when key, padding or length are wrong. */
export function open(aesKey: string, encrypted: string): { message: string; receiveid: string } {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()])
  const pad = padded.at(-1) ?? 0
  if (pad < 1 || pad > 32) throw new Error(`a padding of ${pad}`)
  const plain = padded.subarray(0, padded.length - pad)
  const length = plain.readUInt32BE(16)
  if (20 + length > plain.length) throw new Error(`a length of ${length}`)
  return { message: plain.toString('utf8', 20, 20 + length), receiveid: plain.toString('utf8', 20 + length) }
}

/** One value of an XML message: where it stands (`SelectedItems/SelectedItem/QuestionKey`), what it says, and whether in CDATA. */
export interface Leaf {
  path: string
  text: string
  isCdata: boolean
}

/** All values of an XML message, in order. */
export function leavesOf(xml: string): Leaf[] {
  const leaves: Leaf[] = []
  const parser = new SaxesParser()
  const path: string[] = []
  let leaf: Leaf | undefined
  const add = (text: string, isCdata: boolean): void => {
    if (leaf) Object.assign(leaf, { text: leaf.text + text, isCdata: leaf.isCdata || isCdata })
  }
  parser.on('opentag', ({ name }) => {
    path.push(name)
    leaf = { path: path.slice(1).join('/'), text: '', isCdata: false }
  })
  parser.on('text', (text) => add(text, false))
  parser.on('cdata', (text) => add(text, true))
  parser.on('closetag', () => {
    if (leaf) leaves.push(leaf)
    leaf = undefined
    path.pop()
  })
  parser.on('error', (error) => {
    throw error
  })
  parser.write(xml).close()
  return leaves
}
