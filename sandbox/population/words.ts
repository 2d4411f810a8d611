/** What customers write in the chat, and what the rep answers. */
export type Exchange = { readonly said: string; readonly answered: string }

export const greetings: readonly Exchange[] = [
  { said: '你好呀，我是敏感肌，换季有点泛红', answered: '收到～先别用去角质的，我给您配一套舒缓的旅行装，明天寄出' },
  { said: '油皮，最近下巴爱长痘', answered: '明白，先从温和清洁开始，我给您搭一套清爽的，用一周看看' },
  { said: '干皮，到了冬天脸上起皮', answered: '那重点补脂质，神经酰胺那套很适合您，小样给您放两份' },
  { said: '朋友推荐我来的，旅行装还有吗', answered: '有的，给您留了一份，把地址发我就好～' },
]

export const afterOrders: readonly Exchange[] = [
  { said: '收到啦，包装好好看', answered: '喜欢就好！先在耳后试一下再上脸，有不舒服马上找我' },
  { said: '这个精华是早上用还是晚上用？', answered: '早晚都可以，洁面后先用它，再上乳液。白天记得防晒～' },
  { said: '用了一周，感觉没那么红了', answered: '太好了，坚持四周效果更稳，到时候我提醒您' },
  { said: '快递显示签收了，但我没拿到', answered: '我马上帮您查，查到第一时间回您，实在找不到给您补发' },
  { said: '面膜能不能隔天敷？', answered: '可以的，隔天一次刚好，敷完记得上面霜锁水' },
]

export const afterRecalls: readonly Exchange[] = [
  { said: '最近太忙了没顾上，正好快用完了', answered: '理解理解，给您按老样子配好，今天下单今天发' },
  { said: '谢谢还记得我，我看看', answered: '不客气～看中哪个告诉我，我帮您看看有没有活动' },
  { said: '小样还有吗，有的话我拍一单', answered: '有的，给您备注上了，下单就一起寄' },
]

export const notes: readonly string[] = [
  '不喜欢电话，微信留言就好，晚上九点以后方便',
  '给妈妈也买过一套，过节可以推荐礼盒',
  '对香精敏感，推荐前先确认成分表',
  '在备孕，避开视黄醇类',
  '看重性价比，喜欢等大促，券到期前提醒一下',
]
