import { chanceOf } from './random.ts'

/** How customers call themselves in WeChat: mostly names, some long nicknames, one in English. */
const nicknames = [
  '欧阳诗涵·孕期护肤中请轻声说话',
  'Isabella Fernandez-Whitmore',
  '司马青青子衿悠悠我心但为君故沉吟至今',
  '小鹿乱撞不如直接下单',
  '今天也要早睡的糖糖妈妈',
  '敏感肌互助会会长阿宁',
] as const

const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕']
const female = [
  // 晓雯 is the star's alone.
  '思琪',
  '雨桐',
  '佳怡',
  '梦瑶',
  '静',
  '婷婷',
  '若曦',
  '雅文',
  '诗雨',
  '慧敏',
  '欣妍',
  '一诺',
  '芷若',
  '可馨',
  '秀英',
  '丽',
  '月',
  '清欢',
  '念慈',
]
const male = ['子轩', '浩然', '俊杰', '一鸣']
export const cities = ['上海', '杭州', '成都', '广州', '北京', '南京', '武汉', '深圳', '苏州', '西安', '长沙', '重庆']

const givenNames: readonly { readonly given: string; readonly gender: 1 | 2 }[] = [
  ...female.map((given) => ({ given, gender: 2 as const })),
  // Fewer men: they are customers of a skin-care brand.
  ...male.map((given) => ({ given, gender: 1 as const })),
]
const combinations = surnames.length * givenNames.length
const nicknameEvery = 7

/** The name of customer `index`; the first thousand or so of a seed have names of their own, then they recur as names do. */
export const nameOf = (seed: number, index: number): { name: string; gender: 1 | 2 } => {
  const nickname = index % nicknameEvery === 0 ? nicknames[index / nicknameEvery - 1] : undefined
  if (nickname !== undefined) return { name: nickname, gender: 2 }
  // A step without a common divisor visits every combination once before it comes back.
  const place = (chanceOf(seed, 'names').int(0, combinations - 1) + index * 389) % combinations
  const found = givenNames[place % givenNames.length]
  const surname = surnames[Math.floor(place / givenNames.length)]
  return { name: `${surname ?? '王'}${found?.given ?? '丽'}`, gender: found?.gender ?? 2 }
}
