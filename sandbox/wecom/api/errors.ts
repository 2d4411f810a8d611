import { randomInt } from 'node:crypto'

/** The platform's wording for the codes this stand-in answers with. */
const TEXTS: Record<number, string> = {
  [-1]: 'system busy',
  6000: 'data version conflict',
  40001: 'invalid credential',
  40003: 'invalid UserID',
  40004: 'invalid media type',
  40006: 'invalid media size',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40009: 'invalid image size',
  40013: 'invalid CorpID',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40031: 'invalid UserID list',
  40033: 'invalid charset. please check your request, if include \\uxxxx will create fail',
  40056: 'invalid agentid',
  40058: 'invalid Request Parameter',
  40063: 'some parameters are empty',
  40068: 'invalid tagid',
  40071: 'exist tag name',
  40072: 'invalid tag name length',
  40091: 'invalid secret',
  40096: 'invalid external userid',
  40097: 'handover user is not resigned',
  40099: 'the customers of the takeover user reach the limit',
  40126: 'corp tag reach max limit',
  40128: 'customer has been transferred twice in 90 days',
  40129: 'customer is being transferred',
  40130: 'handover user and takeover user are the same',
  40131: 'handover user is not the follow user of the customer',
  40206: 'request body too large',
  41001: 'access_token missing',
  41035: 'missing external userid',
  41037: 'invalid contact way type',
  41038: 'invalid contact way scene',
  41039: 'invalid contact way style',
  41040: 'invalid contact way config_id',
  41041: 'contact way user count limit',
  41042: 'invalid contact way config_id',
  41044: 'invalid config_id',
  41045: 'contact way count limit',
  41046: 'missing msgid',
  41047: 'invalid msgid',
  41048: 'no customer to send',
  41049: 'missing welcome_code',
  41050: 'invalid welcome_code',
  41051: 'chat has begun or welcome message has been sent',
  41054: 'user not activated',
  41055: 'group welcome template count limit',
  41057: 'no developer account bound',
  41058: 'group welcome template belongs to another app',
  41059: 'missing moment id',
  41060: 'invalid moment id',
  41061: 'user is not a sender of the moment',
  41062: 'moment is not published by the user',
  41063: 'msg is still being dispatched',
  41064: 'attachments count exceed limit',
  41065: 'invalid attachment msgtype',
  41067: 'moment type not supported',
  41069: 'intercept rule count limit',
  41072: 'media is not for this scene',
  41078: 'too many pending moment tasks',
  41079: 'moment task is not finished',
  41080: 'attachment size out of limit',
  41090: 'attachment format not supported',
  41091: 'join way group count limit',
  41093: 'msg has been canceled',
  41094: 'remind count limit',
  41095: 'acquisition link count limit',
  42001: 'access_token expired',
  42003: 'code expired',
  42014: 'missing task_id',
  42022: 'code has been used',
  42052: 'message can not be recalled any more',
  44001: 'empty media data',
  44004: 'empty content',
  45002: 'content size out of limit',
  45008: 'article count out of limit',
  45009: 'api freq out of limit',
  45033: 'api concurrent out of limit',
  46003: 'menu does not exist',
  48001: 'api unauthorized',
  48002: 'api forbidden',
  50001: 'redirect_uri is not trusted domain',
  50100: 'invalid cursor',
  60003: 'department not found',
  60011: 'no privilege to access/modify contact/party/agent',
  60020: 'not allow to access from your ip',
  60111: 'userid not found',
  60140: 'invalid response_code',
  81013: 'user & party & tag all invalid',
  81017: 'too many members: owner_filter is needed',
  82001: 'recipients are empty',
  82002: 'too many parties',
  82003: 'too many tags',
  84014: 'user_ticket expired',
  84015: 'invalid user_ticket',
  84061: 'not external contact',
  84074: 'user has no customer contact privilege',
  90500: 'group owner is not resigned',
  90501: 'not external chat',
  90502: 'group owner is resigned',
  90503: 'group is full',
  90504: 'new owner is the same',
  90507: 'group is being inherited',
  90508: 'group has been inherited',
  90511: 'invalid opengid',
  91040: 'invalid ticket type',
  93000: 'invalid webhook url',
  95000: 'invalid open_kfid',
  95001: 'kf send msg count limit',
  95002: 'kf send msg time limit',
  95004: 'open_kfid not exist',
  95007: 'invalid msg token',
  95013: 'conversation is end',
  95014: 'user is not open_kfid servicer',
  95016: 'invalid service state transition',
  95018: 'invalid session status',
  301002: 'no privilege to access agentid',
  610004: 'not external contact',
  610014: 'invalid unionid',
}

/** A request the platform answers with an error code. `detail` is added to the wording. */
export class ApiError extends Error {
  readonly errcode: number

  constructor(errcode: number, detail?: string) {
    const text = TEXTS[errcode] ?? 'request failed'
    super(detail === undefined ? text : `${text}: ${detail}`)
    this.name = 'ApiError'
    this.errcode = errcode
  }
}

/** The row, or the error that there is none. */
export function known<T>(row: T | undefined, errcode: number, detail?: string): T {
  if (row === undefined) throw new ApiError(errcode, detail)
  return row
}

/** The body of an error answer, with hint and link as the platform appends them. */
export function errorBody(error: ApiError, seconds: number, ip: string): { errcode: number; errmsg: string } {
  const hint = `${seconds}${String(randomInt(1e9)).padStart(9, '0')}`
  const errmsg = `${error.message}, hint: [${hint}], from ip: ${ip}, more info at https://open.work.weixin.qq.com/devtool/query?e=${error.errcode}`
  return { errcode: error.errcode, errmsg }
}
