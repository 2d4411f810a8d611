import { describe, expect, expectTypeOf, it } from 'vitest'
import { eventNames, eventPayloads, eventTable, handlersOf, isEventName, type EventPayload } from './events.ts'

const nothing = (): Promise<void> => Promise.resolve()

describe('events', () => {
  it('has a payload for every name and no other', () => {
    expect(Object.keys(eventPayloads).toSorted()).toEqual([...eventNames].toSorted())
    expect(isEventName('change_external_contact.add_external_contact')).toBe(true)
    expect(isEventName('change_external_contact.made_up')).toBe(false)
    expect(isEventName('toString')).toBe(false)
  })

  it('reads both encodings of MemChangeList, and one id', () => {
    const read = (memChangeList: unknown) =>
      eventTable['change_external_chat.update'].parse({ chatId: 'wr1', updateDetail: 'add_member', memChangeList })
        .memChangeList
    expect(read('wm1,wm2')).toEqual(['wm1', 'wm2'])
    expect(read(['wm1', 'wm2'])).toEqual(['wm1', 'wm2'])
    expect(read(['wm1'])).toEqual(['wm1'])
    expect(read(undefined)).toBeUndefined()
  })

  it('reads numbers as numbers and ids as texts', () => {
    const user = eventTable['change_contact.create_user'].parse({
      userid: '007',
      department: '1,3',
      isLeaderInDept: '0,1',
      status: '1',
    })
    expect(user).toMatchObject({ userid: '007', department: [1, 3], isLeaderInDept: [0, 1], status: 1 })
    expect(eventTable['change_contact.create_user'].safeParse({ userid: 'a', department: 'x' }).success).toBe(false)
  })

  it('narrows the record to the names asked for', () => {
    const table = handlersOf((on) => {
      on('change_external_contact.add_external_contact', {
        name: 'a',
        lane: 'now',
        run: ({ fields, event }) => {
          expectTypeOf(fields.welcomeCode).toEqualTypeOf<string | undefined>()
          expectTypeOf(event).toEqualTypeOf<'change_external_contact.add_external_contact'>()
          return nothing()
        },
      })
      on(['change_external_chat.create', 'change_external_chat.dismiss'], {
        name: 'b',
        lane: 'soon',
        run: ({ fields, event }) => {
          expectTypeOf(fields.chatId).toBeString()
          expectTypeOf(event).toEqualTypeOf<'change_external_chat.create' | 'change_external_chat.dismiss'>()
          return nothing()
        },
      })
    })
    expect(Object.keys(table)).toEqual([
      'change_external_contact.add_external_contact',
      'change_external_chat.create',
      'change_external_chat.dismiss',
    ])
  })

  it('does not compile with a wrong name or field', () => {
    const wrong = (): unknown =>
      handlersOf((on) => {
        // @ts-expect-error no such event
        on('change_external_contact.added', { name: 'x', lane: 'now', run: nothing })
        // @ts-expect-error one of them does not exist
        on(['change_external_chat.create', 'change_external_chat.made'], { name: 'x', lane: 'now', run: nothing })
        // @ts-expect-error no such lane
        on('subscribe', { name: 'x', lane: 'later', run: nothing })
        on('subscribe', {
          name: 'y',
          lane: 'soon',
          // @ts-expect-error this event has no customer
          run: ({ fields }) => Promise.resolve(fields.externalUserId),
        })
      })
    expect(wrong).toBeTypeOf('function')
    // @ts-expect-error the customer is missing
    const payload: EventPayload<'change_external_contact.del_follow_user'> = { userid: 'a' }
    expect(payload.userid).toBe('a')
  })

  it('refuses two handlers of one name for an event', () => {
    const twice = () =>
      handlersOf((on) => {
        on('subscribe', { name: 'x', lane: 'soon', run: nothing })
        on(['unsubscribe', 'subscribe'], { name: 'x', lane: 'soon', run: nothing })
      })
    expect(twice).toThrow('subscribe has two handlers named x')
  })
})
