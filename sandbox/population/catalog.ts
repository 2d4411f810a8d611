/** What 初雪护肤 sells; prices in yuan. */
export type Product = { readonly id: string; readonly name: string; readonly category: string; readonly price: number }

const rows: readonly (readonly [category: string, ...(readonly [name: string, price: number])[]])[] = [
  ['洁面', ['氨基酸温和洁面乳', 118], ['积雪草卸妆膏', 168]],
  ['水乳', ['积雪草舒缓爽肤水', 158], ['神经酰胺修护乳', 198]],
  ['精华', ['舒缓修护精华 30ml', 328], ['烟酰胺亮肤精华', 358], ['玻尿酸保湿原液', 258], ['多肽紧致精华', 468]],
  ['面霜', ['神经酰胺屏障面霜', 268], ['多肽抗皱晚霜', 428]],
  ['面膜', ['玻尿酸补水面膜 10 片', 99], ['熬夜修护冻干面膜 5 片', 159]],
  ['防晒', ['清透防晒乳 SPF50+', 138]],
  ['眼部', ['咖啡因淡纹眼霜', 238]],
  ['礼盒', ['初雪焕亮礼盒', 688], ['会员专享护肤四件套', 899]],
  ['旅行装', ['氨基酸洁面旅行装', 29], ['修护小样三件套', 59]],
]

export const products: readonly Product[] = rows.flatMap(([category, ...items], row) =>
  items.map(([name, price], index) => ({ id: `CX${row + 1}0${index + 1}`, name, category, price })),
)
export const categories: readonly string[] = rows.map(([category]) => category)

export const productNamed = (name: string): Product => {
  const found = products.find((product) => product.name === name)
  if (found === undefined) throw new RangeError(`no product ${name}`)
  return found
}

/** Articles of the brand's account, each with the topic it is about. */
export const articles: readonly { readonly title: string; readonly topic: string }[] = [
  { title: '换季泛红，先别急着上猛药', topic: '敏感肌' },
  { title: '屏障修护的三个阶段', topic: '敏感肌' },
  { title: '早 C 晚 A 新手入门', topic: '抗老' },
  { title: '二十五岁以后，眼霜怎么选', topic: '抗老' },
  { title: '油皮夏天要不要用面霜', topic: '控油' },
  { title: '防晒到底要涂多少才够', topic: '防晒' },
  { title: '熬夜之后的急救三步', topic: '补水' },
]

export const skins = ['敏感肌', '油性肌', '干性肌', '混合肌'] as const
export type Skin = (typeof skins)[number]
export const tastes = ['爱囤面膜', '看重成分', '喜欢礼盒', '价格敏感'] as const
