import type { Chance } from '../random.ts'

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
  '晓雯',
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
const male = ['子轩', '浩然', '俊杰', '宇航', '明', '志强', '一鸣', '嘉豪']
export const cities = ['上海', '杭州', '成都', '广州', '北京', '南京', '武汉', '深圳', '苏州', '西安', '长沙', '重庆']

/** So many names, none twice, beginning with the star's. */
export const namesOf = (count: number, chance: Chance): { name: string; gender: 1 | 2 }[] => {
  const names: { name: string; gender: 1 | 2 }[] = [{ name: '林晓雯', gender: 2 }]
  const taken = new Set(['林晓雯'])
  const add = (name: string, gender: 1 | 2): void => {
    if (taken.has(name) || names.length >= count) return
    taken.add(name)
    names.push({ name, gender })
  }
  const nicknameEvery = 7
  for (let tries = 0; names.length < count; tries += 1) {
    const nickname = nicknames[tries / nicknameEvery]
    if (nickname !== undefined) add(nickname, 2)
    const gender = chance.is(0.12) ? 1 : 2
    const given = chance.pick(gender === 1 ? male : female)
    const more = tries > count * 3 ? chance.pick(female) : ''
    add(`${chance.pick(surnames)}${given}${more}`, gender)
  }
  return names
}
