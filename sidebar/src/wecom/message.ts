/** What sendChatMessage puts into the open chat. Its ids are spelt `mediaid`; a mini-program's page ends in .html. */
export type ChatMessage =
  | { msgtype: 'text'; text: { content: string } }
  | { msgtype: 'image'; image: { mediaid: string } }
  | { msgtype: 'video'; video: { mediaid: string } }
  | { msgtype: 'file'; file: { mediaid: string } }
  | { msgtype: 'news'; news: { link: string; title: string; desc: string; imgUrl: string } }
  | { msgtype: 'miniprogram'; miniprogram: { appid: string; title: string; imgUrl: string; page: string } }
