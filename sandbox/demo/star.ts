import { articles, productNamed } from '../population/catalog.ts'
import { minutesOf, type Act, type Deed } from '../population/deed.ts'
import type { Person } from '../population/person.ts'
import type { Star } from '../population/population.ts'

/** Her orders, in days before the day she was last seen: 19 days apart or nearly. */
const purchases: readonly (readonly [daysBefore: number, minute: number, total: number, ...names: string[]])[] = [
  [132, 13 * 60 + 5, 276, '氨基酸温和洁面乳', '积雪草舒缓爽肤水'],
  [113, 21 * 60 + 40, 328, '舒缓修护精华 30ml'],
  [95, 12 * 60 + 18, 526, '舒缓修护精华 30ml', '神经酰胺修护乳'],
  [76, 20 * 60 + 2, 427, '舒缓修护精华 30ml', '玻尿酸补水面膜 10 片'],
  [59, 22 * 60 + 11, 268, '神经酰胺屏障面霜'],
  [39, 13 * 60 + 47, 586, '舒缓修护精华 30ml', '玻尿酸保湿原液'],
  [20, 19 * 60 + 33, 688, '初雪焕亮礼盒'],
  [0, 15 * 60 + 26, 596, '舒缓修护精华 30ml', '神经酰胺屏障面霜'],
]

const visits: readonly (readonly [daysBefore: number, title: string])[] = [
  [70, '换季泛红，先别急着上猛药'],
  [41, '屏障修护的三个阶段'],
  [22, '二十五岁以后，眼霜怎么选'],
  [6, '屏障修护的三个阶段'],
]

const talks: readonly (readonly [daysBefore: number, said: string, answered: string])[] = [
  [
    86,
    '你好，我是在门店扫的码，之前在你们家买过两次精华',
    '林小姐您好～系统里看到您啦，敏感肌对吧？以后我来跟进您的护肤',
  ],
  [74, '这次的精华感觉比上次清爽一点，是换配方了吗', '您太细心了，新批次调了肤感，成分没变，敏感肌放心用'],
  [37, '面霜晚上厚敷一层可以吗，最近有点泛红', '可以的，薄涂两层比一次厚敷更好吸收，泛红退了再加精华'],
  [18, '礼盒收到啦，给我妈也试了，她说很舒服', '太好啦，替我问阿姨好～妈妈那边需要的话我配一套滋润的'],
]

const noted: readonly (readonly [daysBefore: number, text: string])[] = [
  [84, '敏感肌，换季泛红；只用无香精的。门店老客，之前买过两次精华'],
  [17, '给妈妈也在用，生日 12 月，可以推荐礼盒；晚上九点以后回消息'],
]

const order = (total: number, names: readonly string[]): Act => ({
  kind: 'order',
  total,
  items: names.map((name) => ({ product: productNamed(name), quantity: 1 })),
})

/** 林晓雯's life in full; what lies before the history's first day the shop hands in later. */
const deedsOf = (person: Person, days: number): Deed[] => {
  const last = days - 33
  const deed = (name: string, daysBefore: number, minute: number, act: Act): Deed => ({
    ...{ id: `${person.account}-${name}`, person: person.index, at: minutesOf(last - daysBefore, minute) },
    ...act,
  })
  const joined = last
  return [
    ...purchases.map(([before, minute, total, ...names], nth) =>
      deed(`o${nth + 1}`, before, minute, order(total, names)),
    ),
    ...visits.map(([before, title], nth) => {
      const topic = articles.find((article) => article.title === title)?.topic ?? ''
      return deed(`v${nth + 1}`, before, 12 * 60 + 40, {
        kind: 'browse',
        event: 'Article Opened',
        properties: { title, topic },
      })
    }),
    ...talks.map(([before, said, answered], nth) =>
      deed(`t${nth + 1}`, Math.min(before, joined), 19 * 60 + 8 + nth, { kind: 'talk', exchange: { said, answered } }),
    ),
    ...noted.map(([before, text], nth) => deed(`n${nth + 1}`, before, 19 * 60 + 40, { kind: 'note', text })),
    deed('skin', 84, 19 * 60 + 41, { kind: 'tag', tag: '敏感肌' }),
    deed('taste', 36, 19 * 60 + 41, { kind: 'tag', tag: '看重成分' }),
    deed('gift', 17, 19 * 60 + 42, { kind: 'tag', tag: '喜欢礼盒' }),
    deed('remark', 84, 19 * 60 + 43, { kind: 'remark', text: '林晓雯 静安门店 敏感肌' }),
    deed('group', 72, 19 * 60 + 12, { kind: 'join_group' }),
  ]
}

const cameAt = 9 * 60 + 24

/** The star: 林晓雯, who comes first, buys every 19 days or so and has been away for 32 of the `days`. */
export const starOf =
  (days: number) =>
  (diced: Person): Star => {
    const person: Person = {
      ...diced,
      ...{ name: '林晓雯', gender: 2, city: '上海', birthday: '1992-12-18' },
      ...{ skin: '敏感肌', taste: '看重成分', favourites: ['精华', '面霜', '面膜'] },
      ...{ rep: 'lina', channel: '门店海报', group: '初雪 VIP 护肤研究所' },
      ...{ joinsAt: cameAt, looker: false, worth: 'A' },
    }
    return { person, deeds: deedsOf(person, days) }
  }
