/** What a member notes of a customer they hold (备注). An absent field stays as it is, '' empties it. */
export type ContactNote = {
  /** At most 20 characters. */
  remark?: string
  /** At most 150 characters. */
  description?: string
  /** At most 20 characters; WeChat users only. */
  company?: string
  /** Replaces the list; [] clears it. */
  mobiles?: readonly string[]
}

export type ContactsSetup = {
  /** Safe to repeat; at least one field. No callback tells of it. 84061 is `gone`: the member does not hold the customer any more. */
  remark: (pair: { userid: string; externalUserId: string }, note: ContactNote) => Promise<void>
}
