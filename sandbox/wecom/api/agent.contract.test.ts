import { z } from 'zod'
import { contract, nothing, text } from '../testing/contract.ts'
import { agent, menus } from './agent.ts'

const agentid = '1000002'
const own = z.literal(1_000_002)
const flag = z.literal([0, 1])

contract(agent, async () => ({}), {
  '/cgi-bin/agent/get': {
    good: () => ({ agentid }),
    shape: z.strictObject({
      agentid: own,
      name: text.min(1),
      square_logo_url: z.url(),
      description: text,
      allow_userinfos: z.strictObject({ user: z.array(z.strictObject({ userid: text })) }),
      allow_partys: z.strictObject({ partyid: z.array(z.int()) }),
      allow_tags: z.strictObject({ tagid: z.array(z.int()) }),
      close: flag,
      redirect_domain: text,
      report_location_flag: flag,
      isreportenter: flag,
      home_url: text,
      customized_publish_status: z.int(),
    }),
    bad: () => [
      [{ agentid: '1' }, 301002],
      [{}, 40063],
    ],
  },
  '/cgi-bin/agent/set': {
    good: () => ({ agentid, name: '知音助手', isreportenter: 1, home_url: 'https://a' }),
    shape: nothing,
    bad: () => [
      [{ agentid: 1, name: 'x' }, 301002],
      [{ agentid, isreportenter: 2 }, 40058],
      [{ agentid, logo_mediaid: 'gone' }, 40007],
    ],
  },
})

const view = { type: 'view', name: '商城', url: 'https://a' }
contract(menus, async () => ({}), {
  '/cgi-bin/menu/create': {
    good: () => ({
      agentid,
      button: [view, { name: '更多', sub_button: [{ type: 'click', name: '客户', key: 'k' }] }],
    }),
    shape: nothing,
    bad: () => [
      [{ agentid: '1', button: [view] }, 301002],
      [{ agentid }, 40063],
      [{ agentid, button: [] }, 40058],
      [{ agentid, button: [view, view, view, view] }, 40058],
      [{ agentid, button: [{ ...view, name: '六个汉字太长' }] }, 40058],
      [{ agentid, button: [{ type: 'view', name: 'x' }] }, 40063],
      [{ agentid, button: [{ type: 'click', name: 'x' }] }, 40063],
      [{ agentid, button: [{ type: 'shake', name: 'x', key: 'k' }] }, 40058],
      [{ agentid, button: [{ type: 'click', name: 'x', key: 'k'.repeat(129) }] }, 40058],
      [{ agentid, button: [{ name: 'x', sub_button: Array.from({ length: 6 }, () => view) }] }, 40058],
      [{ agentid, button: [{ name: 'x' }] }, 40063],
      [{ agentid, button: [{ type: 'view_miniprogram', name: 'x' }] }, 40063],
    ],
  },
  '/cgi-bin/menu/get': {
    good: () => ({ agentid }),
    shape: z.strictObject({ button: z.array(z.looseObject({ name: text })).length(2) }),
    bad: () => [[{ agentid: '1' }, 301002]],
  },
  '/cgi-bin/menu/delete': {
    good: () => ({ agentid }),
    shape: nothing,
    bad: () => [[{ agentid: '1' }, 301002]],
    last: true,
  },
})
