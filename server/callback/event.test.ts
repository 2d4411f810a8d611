import { describe, expect, it } from 'vitest'
import { eventTable } from '@zhiyin/shared/events'
import { parseXml } from '../wecom/xml.ts'
import { eventOf } from './event.ts'

const head = '<ToUserName>ww1</ToUserName><FromUserName>sys</FromUserName><CreateTime>1700000000</CreateTime>'
const read = (inner: string, type = 'event') =>
  eventOf(parseXml(`<xml>${head}<MsgType>${type}</MsgType>${inner}</xml>`))

describe('eventOf (callbacks.md §7, §17)', () => {
  it('names an event by Event and ChangeType and keeps the rest by our names', () => {
    const event = read(
      `<Event>change_external_contact</Event><ChangeType>add_external_contact</ChangeType>
       <UserID><![CDATA[lina]]></UserID><ExternalUserID>wm1</ExternalUserID><WelcomeCode>C</WelcomeCode><State></State>`,
    )
    expect(event).toEqual({
      event: 'change_external_contact.add_external_contact',
      fields: { from: 'sys', userid: 'lina', externalUserId: 'wm1', welcomeCode: 'C' },
      createTime: new Date('2023-11-14T22:13:20Z'),
    })
  })

  it.each([
    ['texts joined by commas', '<MemChangeList>wm1,wm2</MemChangeList>', ['wm1', 'wm2']],
    ['items', '<MemChangeList><Item>wm1</Item><Item>wm2</Item></MemChangeList>', ['wm1', 'wm2']],
    ['one item', '<MemChangeList><Item><![CDATA[wm1]]></Item></MemChangeList>', ['wm1']],
    ['one text', '<MemChangeList>wm1</MemChangeList>', ['wm1']],
  ])('reads MemChangeList as %s', (_name, list, ids) => {
    const { event, fields } = read(
      `<Event>change_external_chat</Event><ChangeType>update</ChangeType><ChatId>wr1</ChatId>
       <UpdateDetail>add_member</UpdateDetail><JoinScene>0</JoinScene>${list}`,
    )
    expect(event).toBe('change_external_chat.update')
    expect(eventTable['change_external_chat.update'].parse(fields)).toMatchObject({ memChangeList: ids, joinScene: 0 })
  })

  it.each(['Option', 'Opiton'])('reads a card’s %sIds', (spelling) => {
    const { event, fields } = read(
      `<Event>template_card_event</Event><EventKey>done</EventKey><TaskId>t-1</TaskId><AgentID>1000002</AgentID>
       <SelectedItems><SelectedItem><QuestionKey>intent</QuestionKey>
       <${spelling}Ids><${spelling}Id>high</${spelling}Id></${spelling}Ids></SelectedItem></SelectedItems>`,
    )
    expect(event).toBe('template_card_event')
    expect(eventTable.template_card_event.parse(fields)).toMatchObject({
      from: 'sys',
      taskId: 't-1',
      selectedItems: [{ questionKey: 'intent', optionIds: ['high'] }],
    })
  })

  it('reads elements that may repeat, once or often', () => {
    const one = read('<Event>kf_account_auth_change</Event><AuthAddOpenKfId>wk1</AuthAddOpenKfId>')
    const two = read(
      '<Event>kf_account_auth_change</Event><AuthAddOpenKfId>wk1</AuthAddOpenKfId><AuthAddOpenKfId>wk2</AuthAddOpenKfId>',
    )
    expect(eventTable.kf_account_auth_change.parse(one.fields)).toEqual({
      authAddOpenKfId: ['wk1'],
      authDelOpenKfId: [],
    })
    expect(eventTable.kf_account_auth_change.parse(two.fields).authAddOpenKfId).toEqual(['wk1', 'wk2'])
  })

  it('keeps a MsgId beyond 2^53 exactly', () => {
    const { event, fields } = read('<Content>你好</Content><MsgId>7123456789012345678</MsgId>', 'text')
    expect(event).toBe('message.text')
    expect(fields).toMatchObject({ content: '你好', msgId: '7123456789012345678' })
  })

  it('does not mind what it has never heard of', () => {
    const { event, fields } = read('<Event>brand_new</Event><ChangeType>thing</ChangeType><A><B>1</B><C>2</C></A>')
    expect(event).toBe('brand_new.thing')
    expect(fields).toEqual({ from: 'sys', a: { b: '1', c: '2' } })
  })

  it('has no time rather than a wrong one', () => {
    expect(eventOf(parseXml('<xml><MsgType>event</MsgType><Event>view</Event></xml>')).createTime).toBeNull()
  })
})
