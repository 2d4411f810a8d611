import { z } from 'zod'
import { appOf } from '../company/agent.ts'
import type { World } from '../world.ts'
import { checkMedia } from './attachments.ts'
import { AGENT, endpoint, type Endpoint, type EndpointSpec } from './endpoint.ts'
import { ApiError } from './errors.ts'
import { given } from './given.ts'
import { bytes, flag, int } from './schema.ts'

const agentid = int
const TYPES = [
  'click',
  'view',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
  'view_miniprogram',
] as const

const button = z.object({
  type: z.enum(TYPES).optional(),
  name: bytes(16).min(1),
  key: bytes(128).min(1).optional(),
  url: bytes(1024).min(1).optional(),
  appid: z.string().optional(),
  pagepath: z.string().optional(),
})
type Button = z.infer<typeof button>
const top = button.extend({ sub_button: z.array(button).min(1).max(5).optional() })

/** A button that does something says what: view an address, view_miniprogram appid and page, the others a key. */
function checkButton({ type, key, url, appid, pagepath }: Button): void {
  if (type === undefined) throw new ApiError(40063, 'missing type')
  if (type === 'view' && url === undefined) throw new ApiError(40063, 'missing url')
  if (type === 'view_miniprogram' && (appid === undefined || pagepath === undefined))
    throw new ApiError(40063, 'missing appid or pagepath')
  if (!type.startsWith('view') && key === undefined) throw new ApiError(40063, 'missing key')
}

function checkAgent(world: World, id: number): void {
  if (String(id) !== world.options.agentId) throw new ApiError(301002)
}

/** A call of the app about itself; a token of another secret has no right on it (301002). */
function ofAgent<T extends { agentid: number }>(
  method: 'GET' | 'POST',
  path: string,
  input: z.ZodType<T>,
  handle: (world: World, input: T) => Record<string, unknown>,
): Endpoint {
  const spec: EndpointSpec<T> = {
    method,
    path,
    secrets: AGENT,
    forbidden: 301002,
    inQuery: ['agentid'],
    input,
    handle(world, asked) {
      checkAgent(world, asked.agentid)
      return handle(world, asked)
    },
  }
  return endpoint(spec)
}

/** The app (应用). */
export const agent = [
  ofAgent('GET', '/cgi-bin/agent/get', z.object({ agentid }), (world, asked) => {
    const { menu: _menu, logo, redirect_domain, range, ...app } = appOf(world)
    return {
      agentid: asked.agentid,
      square_logo_url: logo === '' ? `${world.addresses.url}/avatar/app.svg` : logo,
      allow_userinfos: { user: (range?.users ?? []).map((id) => ({ userid: id })) },
      allow_partys: { partyid: range?.parties ?? [1] },
      allow_tags: { tagid: [] },
      close: 0,
      redirect_domain: redirect_domain ?? world.settings().trustedDomain,
      customized_publish_status: 1,
      ...app,
    }
  }),
  ofAgent(
    'POST',
    '/cgi-bin/agent/set',
    z.object({
      agentid,
      name: z.string().min(1).optional(),
      description: z.string().optional(),
      logo_mediaid: z.string().min(1).optional(),
      redirect_domain: z.string().min(1).optional(),
      home_url: z.string().optional(),
      report_location_flag: flag.optional(),
      isreportenter: flag.optional(),
    }),
    (world, { agentid: _id, logo_mediaid, ...asked }) => {
      if (logo_mediaid !== undefined) checkMedia(world, logo_mediaid)
      const logo = logo_mediaid === undefined ? {} : { logo: `${world.addresses.url}/media/${logo_mediaid}` }
      world.store.app.set('app', { ...appOf(world), ...given(asked), ...logo })
      return {}
    },
  ),
]

/** Its menu (菜单); the query names the app. */
export const menus = [
  ofAgent(
    'POST',
    '/cgi-bin/menu/create',
    z.object({ agentid, button: z.array(top).min(1).max(3) }),
    (world, { button: buttons }) => {
      for (const { sub_button, ...one } of buttons) (sub_button ?? [one]).forEach(checkButton)
      world.store.app.set('app', { ...appOf(world), menu: buttons })
      return {}
    },
  ),
  ofAgent('GET', '/cgi-bin/menu/get', z.object({ agentid }), (world) => {
    const { menu } = appOf(world)
    if (menu.length === 0) throw new ApiError(46003)
    return { button: menu }
  }),
  ofAgent('GET', '/cgi-bin/menu/delete', z.object({ agentid }), (world) => {
    world.store.app.set('app', { ...appOf(world), menu: [] })
    return {}
  }),
]
