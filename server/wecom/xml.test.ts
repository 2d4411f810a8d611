import { describe, expect, it } from 'vitest'
import { XmlError, parseXml, textIn } from './xml.ts'

describe('parseXml', () => {
  it('keeps text as text and joins CDATA', () => {
    const xml = parseXml('<xml><A>007</A><B><![CDATA[1e5]]></B><C>a<![CDATA[<b>]]>&amp;&lt;</C><D/><E></E></xml>')
    expect(textIn(xml, 'A')).toBe('007')
    expect(textIn(xml, 'B')).toBe('1e5')
    expect(textIn(xml, 'C')).toBe('a<b>&<')
    expect(textIn(xml, 'D')).toBeUndefined()
    expect(textIn(xml, 'Nowhere')).toBeUndefined()
  })

  it('gives one child and several the same shape', () => {
    expect(parseXml('<xml><L><Item>a</Item></L></xml>').get('L')).toEqual([new Map([['Item', ['a']]])])
    expect(parseXml('<xml><L><Item>a</Item><Item>b</Item></L></xml>').get('L')).toEqual([
      new Map([['Item', ['a', 'b']]]),
    ])
  })

  it.each([
    ['a bomb', '<!DOCTYPE xml [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><xml><A>&b;</A></xml>'],
    ['an outside entity', '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>'],
    ['a document type alone', '<!DOCTYPE xml><xml><A>1</A></xml>'],
    ['an undefined entity', '<xml><A>&nbsp;</A></xml>'],
    ['a processing instruction', '<xml><?php echo 1 ?></xml>'],
    ['another root', '<html></html>'],
    ['no end', '<xml><A>1</A>'],
    ['nothing', ''],
    ['plain text', 'success'],
    ['too deep', `<xml>${'<a>'.repeat(20)}${'</a>'.repeat(20)}</xml>`],
    ['too many', `<xml>${'<a/>'.repeat(6000)}</xml>`],
    ['an odd name', '<xml><__proto__>1</__proto__></xml>'],
  ])('refuses %s', (_name, source) => {
    expect(() => parseXml(source)).toThrow(XmlError)
  })
})
