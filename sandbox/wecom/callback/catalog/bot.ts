import type { EventFields } from '../xml.ts'
import type { Sample, Samples } from './sample.ts'

const from = { userid: '@member' }
const group = { chatid: '@group' }
const quote = { quote: { msgtype: 'text', text: { content: '被引用的话' } } }
const url = 'https://wework.qpic.cn/sample'

const bot = (fields: EventFields, optional: EventFields = {}): Sample => ({
  to: 'bot',
  fields: { msgid: '@id', aibotid: '@bot', chattype: 'single', from, ...fields },
  optional,
})
const message = (msgtype: string, body: EventFields, optional: EventFields = { ...group, ...quote }): Sample =>
  bot({ response_url: '@response_url', msgtype, [msgtype]: body }, optional)
const event = (eventtype: string, body: EventFields = {}): Sample =>
  bot({ create_time: '@now', msgtype: 'event', event: { eventtype, ...body } }, group)

/** Callbacks of an AI bot (智能机器人): JSON, receive id empty. */
export const botSamples: Samples = {
  'aibot.text': message('text', { content: '@知音 今天要跟进谁？' }),
  'aibot.image': message('image', { url }, quote),
  'aibot.mixed': message('mixed', {
    msg_item: [
      { msgtype: 'text', text: { content: '@知音 这是谁？' } },
      { msgtype: 'image', image: { url } },
    ],
  }),
  'aibot.voice': message('voice', { content: '今天要跟进谁' }, quote),
  'aibot.file': message('file', { url }, quote),
  'aibot.video': message('video', { url }, quote),
  'aibot.stream': bot({ msgtype: 'stream', stream: { id: 'stream-1' } }, group),
  'aibot.event.enter_chat': event('enter_chat'),
  'aibot.event.template_card_event': event('template_card_event', {
    template_card_event: {
      card_type: 'vote_interaction',
      event_key: 'submit',
      task_id: 'task-sample',
      selected_items: { selected_item: [{ question_key: 'intent', option_ids: { option_id: ['high'] } }] },
    },
  }),
  'aibot.event.feedback_event': event('feedback_event', {
    feedback_event: { id: 'feedback-1', type: 2, content: '不对', inaccurate_reason_list: [1, 3] },
  }),
}
