import type { EventFields } from '../xml.ts'
import { app, type Samples } from './sample.ts'

const of = (Event: string, fields: EventFields, optional: EventFields = {}) =>
  app({ FromUserName: '@member', Event, ...fields, AgentID: '@agent' }, optional)
const message = (MsgType: string, fields: EventFields) =>
  app({ FromUserName: '@member', MsgType, ...fields, MsgId: '@msgid', AgentID: '@agent' })

const card = { EventKey: 'btn_done', TaskId: 'task-sample', CardType: 'button_interaction', ResponseCode: '@id' }
const chosen = { QuestionKey: 'intent', OptionIds: { OptionId: ['high'] } }
const ScanCodeInfo = { ScanType: 'qrcode', ScanResult: 'https://example.com/shelf/7' }
const SendPicsInfo = { Count: 1, PicList: { item: [{ PicMd5Sum: '1b5f7c23b5bf75682a53e7b6d163e185' }] } }
const SendLocationInfo = {
  Location_X: '23.119830',
  Location_Y: '113.329690',
  Scale: '15',
  Label: '广州市海珠区客村艺苑路',
  Poiname: '',
}

/** What members do with the app: cards, the menu, its home, and messages they write to it. */
export const appSamples: Samples = {
  template_card_event: of('template_card_event', card, { SelectedItems: { SelectedItem: [chosen] } }),
  /** As the official sample spells it. */
  'template_card_event.opiton': of('template_card_event', {
    ...card,
    CardType: 'multiple_interaction',
    SelectedItems: { SelectedItem: [{ QuestionKey: 'intent', OpitonIds: { OpitonId: ['high', 'low'] } }] },
  }),
  template_card_menu_event: of('template_card_menu_event', { ...card, EventKey: 'menu_mute', CardType: 'text_notice' }),
  taskcard_click: of('taskcard_click', { EventKey: 'btn_done', TaskId: 'task-sample' }),
  enter_agent: of('enter_agent', { EventKey: '' }),
  subscribe: of('subscribe', {}),
  unsubscribe: of('unsubscribe', {}),
  click: of('click', { EventKey: 'today' }),
  view: of('view', { EventKey: 'https://example.com/' }),
  view_miniprogram: of('view_miniprogram', { EventKey: 'pages/index' }),
  scancode_push: of('scancode_push', { EventKey: 'scan', ScanCodeInfo }),
  scancode_waitmsg: of('scancode_waitmsg', { EventKey: 'scan', ScanCodeInfo }),
  pic_sysphoto: of('pic_sysphoto', { EventKey: 'photo', SendPicsInfo }),
  pic_photo_or_album: of('pic_photo_or_album', { EventKey: 'photo', SendPicsInfo }),
  pic_weixin: of('pic_weixin', { EventKey: 'photo', SendPicsInfo }),
  location_select: of('location_select', { EventKey: 'place', SendLocationInfo }),
  LOCATION: of('LOCATION', {
    Latitude: '23.119830',
    Longitude: '113.329690',
    Precision: '119.385040',
    AppType: 'wxwork',
  }),

  'message.text': message('text', { Content: '你好' }),
  'message.image': message('image', { PicUrl: 'https://example.com/a.png', MediaId: 'MEDIASAMPLE' }),
  'message.voice': message('voice', { MediaId: 'MEDIASAMPLE', Format: 'amr' }),
  'message.video': message('video', { MediaId: 'MEDIASAMPLE', ThumbMediaId: 'THUMBSAMPLE' }),
  'message.location': message('location', {
    Location_X: '23.119830',
    Location_Y: '113.329690',
    Scale: 15,
    Label: '广州市海珠区客村艺苑路',
    AppType: 'wxwork',
  }),
  'message.link': message('link', {
    Title: '公开课',
    Description: '每周四',
    Url: 'https://example.com/',
    PicUrl: 'https://example.com/a.png',
  }),
}
