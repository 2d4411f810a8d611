import { api } from '@zhiyin/shared/api'
import type { Condition } from '@zhiyin/shared/condition'
import type { Person } from '../population/person.ts'
import { customerIdOf, type Scene } from './scene.ts'

const often: Condition = { type: 'orders', op: 'gte', value: 3 }
const fading: Condition = {
  type: 'all',
  of: [
    { type: 'tier', in: ['A', 'B'] },
    { type: 'silent', minDays: 20 },
  ],
}

/** Those who have come, the first ones first. */
const here = ({ cast, population, book }: Scene, most: number): Person[] => {
  const people: Person[] = []
  for (let index = 0; index < book.pages.customers && people.length < most; index += 1)
    if (cast.get(index)?.joined === true) people.push(population.person(index))
  return people
}

/** Segments by condition and a list of guests; what is there already is kept. */
export const makeSegments = async (scene: Scene): Promise<void> => {
  const { call } = scene.product
  const known = new Set((await call(api.segments.list)).items.map(({ name }) => name))
  const rules = [
    { name: '三单以上', note: '复购稳定，适合邀请进会员群', condition: often },
    { name: '重要客户快沉默了', note: '每周看一次，先打招呼再发券', condition: fading },
  ]
  for (const body of rules)
    if (!known.has(body.name)) {
      const { id } = await call(api.segments.create, { body: { kind: 'rule', ...body } })
      await call(api.segments.turn, { params: { id }, body: { on: true } })
    }
  if (known.has('护肤沙龙来宾')) return
  const list = { kind: 'list' as const, name: '护肤沙龙来宾', note: '周末线下活动签到的客户' }
  const { id } = await call(api.segments.create, { body: list })
  const who = await Promise.all(here(scene, 6).map((person) => customerIdOf(scene, person)))
  await call(api.segments.put, { params: { id }, body: { who } })
}

/** A tag that goes on and off by itself. */
export const makeTagRule = async ({ product: { call } }: Scene): Promise<void> => {
  const name = '老客复购'
  if ((await call(api.tagRules.list)).items.some((rule) => rule.name === name)) return
  const tag =
    (await call(api.tags.list)).items.find((one) => one.name === name) ??
    (await call(api.tags.create, { body: { name, group: '经营' } }))
  const { id } = await call(api.tagRules.create, { body: { name, tagId: tag.id, condition: often } })
  await call(api.tagRules.turn, { params: { id }, body: { on: true } })
}

/** The list of a store, as it comes: some rows cannot be taken. */
export const importStoreList = async (scene: Scene): Promise<void> => {
  const { call, upload } = scene.product
  const name = '门店登记表.csv'
  if ((await call(api.imports.list, { query: {} })).items.some((one) => one.name === name)) return
  const rows = here(scene, 8).map((person) => [person.account, person.birthday, person.city])
  const wrong = [
    [rows[0]?.[0] ?? '', '1990年2月30日', '上海'],
    ['', '1992-05-17', '杭州'],
    [rows[1]?.[0] ?? '', '1988-11-02', '火星'],
  ]
  const file = Buffer.from(['用户ID,生日,地区', ...[...rows, ...wrong].map((row) => row.join(','))].join('\n'))
  const { id } = await call(api.imports.create, { body: { kind: 'customers', name, size: file.length } })
  await upload(`/api/imports/${id}/file?at=0`, file)
  const columns = [
    { to: 'identity' as const, kind: 'user_id' as const },
    { to: 'trait' as const, key: 'birthday', form: 'birthday' as const },
    { to: 'trait' as const, key: 'region', form: 'region' as const },
  ]
  await call(api.imports.start, { params: { id }, body: { mapping: { columns, currency: 'CNY' } } })
}

/** Two customers leave one phone number at the till: somebody has to say whether they are one person. */
export const sharePhone = async (scene: Scene): Promise<void> => {
  const [one, other] = here(scene, 60).filter(({ index }) => index % 3 === 2)
  if (one === undefined || other === undefined) return
  const said = ({ account }: Person) => ({
    ...{ type: 'identify', messageId: `${account}-till`, userId: account },
    traits: { phone: '13900008888' },
  })
  await scene.product.ingest([said(one), said(other)])
}
