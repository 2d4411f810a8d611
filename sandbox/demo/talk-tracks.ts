import type { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import type { TalkTrackInput } from '@zhiyin/shared/talk-track'
import { chanceOf } from '../population/random.ts'
import type { Product } from './product.ts'
import type { Scene } from './scene.ts'

const tracks: readonly z.input<typeof TalkTrackInput>[] = [
  {
    situation: 'greeting',
    title: '新朋友先问肤质',
    text: '{{ customer.name }}您好，我是初雪的{{ rep.name }}～您平时是偏干还是偏油，换季会不会泛红？我按您的肤质来建议，不乱推。',
    stages: ['new'],
  },
  {
    situation: 'greeting',
    title: '老朋友打招呼',
    text: '{{ customer.name }}，最近皮肤状态怎么样？上次的{{ last_product | default: "产品" }}用得还顺手吗？',
    stages: ['active', 'mature'],
  },
  {
    situation: 'price',
    title: '觉得贵：先算每天多少钱',
    text: '您说的我理解。这支一天早晚各两泵，能用两个月左右，算下来一天几块钱；要是想先试试，我给您寄两片小样，合适再买。',
  },
  {
    situation: 'price',
    title: '老客问优惠',
    text: '{{ customer.name }}，您是我们的老朋友，直接给您会员价，再配一份同款旅行装。价格不会比这再低，所以也不用等大促。',
    tiers: ['A', 'B'],
  },
  {
    situation: 'silent',
    title: '好久没聊，不推销',
    text: '{{ customer.name }}，有 {{ days_silent }} 天没联系了，不是来推销的～换季好多人泛红，想问问您最近还好吗？',
    stages: ['silent', 'lost'],
  },
  {
    situation: 'silent',
    title: '老客快用完了',
    text: '{{ customer.name }}，按您平时的用法，{{ last_product | default: "上次买的" }}应该见底了。需要的话我先帮您留一份，发货前您随时说不要都行。',
    tiers: ['A'],
    stages: ['silent'],
  },
  {
    situation: 'after_sales',
    title: '用了泛红：先停用',
    text: '先别着急，今天起停用这支，只用清水和面霜。麻烦您拍一张自然光下的照片给我，我请护肤老师看；不适合您的话，我来办退货，不用您出运费。',
  },
  {
    situation: 'after_sales',
    title: '物流慢了',
    text: '让您久等了，抱歉。我刚催过仓库，今天内给您回话；要是急用，我先从门店给您闪送一份小样。',
  },
  {
    situation: 'birthday',
    title: '生日祝福',
    text: '{{ customer.name }}，生日快乐！给您备了一份小礼物，不用下单，您方便的时候来店里取，或者给我个地址。',
  },
]

/** What reps have at hand in the sidebar; what is there already is kept. */
export const makeTalkTracks = async ({ call }: Product): Promise<void> => {
  const known = new Set((await call(api.talkTracks.list)).items.map(({ title }) => title))
  for (const body of tracks) if (!known.has(body.title)) await call(api.talkTracks.create, { body })
}

/** How often the reps have used them; told twice it counts once. */
export const useTalkTracks = async ({ product, population, book, wecom }: Scene): Promise<void> => {
  const now = await wecom.now()
  const { items } = await product.call(api.talkTracks.list)
  for (const { userid } of population.staff.teams.flatMap(({ reps }) => reps)) {
    const call = await product.as(userid, now)
    for (const [nth, { id }] of items.entries()) {
      const times = chanceOf(book.pages.seed, 'talk track', userid, nth).int(0, 3)
      for (let time = 0; time < times; time += 1)
        await call(api.talkTracks.used, { params: { id }, body: { key: `demo-${userid}-${nth}-${time}` } })
    }
  }
}
