import { z } from 'zod'
import { contract, nothing, seconds, text, type Row } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { strategies } from './strategies.ts'

type Kind = 'customer' | 'moment'
/** A strategy of each kind, and one to delete. */
type Known = Record<Kind | 'spare customer' | 'spare moment', number>

const range = [{ type: 2, partyid: 1 }]
const person = [{ type: 1, userid: 'lina' }]

async function prepare(sandbox: Sandbox): Promise<Known> {
  await sandbox.member('lina')
  const token = await sandbox.token('contact')
  const make = async (kind: Kind): Promise<number> => {
    const body = { strategy_name: '门店', admin_list: ['lina'], range: person }
    return z.int().parse((await sandbox.post(`externalcontact/${kind}_strategy/create`, body, token))['strategy_id'])
  }
  return {
    customer: await make('customer'),
    moment: await make('moment'),
    'spare customer': await make('customer'),
    'spare moment': await make('moment'),
  }
}

const booleans = z.record(text, z.boolean())
const rowsOf = (kind: Kind): Record<string, Row<Known>> => {
  const base = `/cgi-bin/externalcontact/${kind}_strategy`
  const rows: Record<string, Omit<Row<Known>, 'secret'>> = {
    list: {
      good: () => ({ limit: 1000 }),
      shape: z.strictObject({ strategy: z.array(z.strictObject({ strategy_id: z.int() })).min(1), next_cursor: text }),
      bad: () => [[{ limit: 1001 }, 40058]],
    },
    get: {
      good: (known) => ({ strategy_id: known[kind] }),
      shape: z.strictObject({
        strategy: z.strictObject({
          strategy_id: z.int(),
          parent_id: z.literal(0),
          strategy_name: text,
          create_time: seconds,
          admin_list: z.tuple([z.literal('lina')]),
          privilege: kind === 'customer' ? booleans.refine((all) => Object.keys(all).length === 20) : booleans,
        }),
      }),
      bad: (known) => [
        [{ strategy_id: known[kind === 'customer' ? 'moment' : 'customer'] }, 40058],
        [{ strategy_id: 999 }, 40058],
        [{}, 40063],
      ],
    },
    get_range: {
      good: (known) => ({ strategy_id: known[kind] }),
      shape: z.strictObject({
        range: z.tuple([z.strictObject({ type: z.literal(1), userid: z.literal('lina') })]),
        next_cursor: z.literal(''),
      }),
      bad: () => [[{ strategy_id: 999 }, 40058]],
    },
    create: {
      good: (known) => ({ parent_id: known[kind], strategy_name: '一组', admin_list: ['lina'], range }),
      shape: z.strictObject({ strategy_id: z.int() }),
      bad: () => [
        [{ strategy_name: 'x', admin_list: ['nobody'], range }, 40003],
        [{ strategy_name: 'x', admin_list: [], range }, 40058],
        [{ strategy_name: 'x', admin_list: Array.from({ length: 21 }, () => 'lina'), range }, 40058],
        [{ strategy_name: 'x', admin_list: ['lina'], range: [{ type: 2, partyid: 99 }] }, 60003],
        [{ strategy_name: 'x', admin_list: ['lina'], range: [] }, 40058],
        [{ strategy_name: 'x', admin_list: ['lina'], range, parent_id: 999 }, 40058],
        [{ admin_list: ['lina'], range }, 40063],
      ],
    },
    edit: {
      good: (known) => ({ strategy_id: known[kind], strategy_name: '新名', range_add: range, range_del: person }),
      shape: nothing,
      bad: () => [[{ strategy_id: 999 }, 40058]],
      last: true,
    },
    del: {
      good: (known) => ({ strategy_id: known[`spare ${kind}`] }),
      shape: nothing,
      bad: (known) => [
        [{ strategy_id: known[kind] }, 40058],
        [{ strategy_id: known[`spare ${kind}`] }, 40058],
      ],
      last: true,
    },
  }
  return Object.fromEntries(
    Object.entries(rows).map(([path, row]) => [`${base}/${path}`, { secret: 'contact', ...row }]),
  )
}

contract(strategies, prepare, { ...rowsOf('customer'), ...rowsOf('moment') })
