import type Router from 'koa-router'
import { revokeTokens } from '../api/token.ts'
import { appKeys, botKeys } from '../callback/address.ts'
import type { Keys } from '../callback/envelope.ts'
import { verify } from '../callback/transport.ts'
import { checkLinks } from '../company/links.ts'
import { watchRange } from '../company/app-range.ts'
import { deleteDepartment, leaveCompany, saveDepartment, saveMember, setStatus } from '../company/members.ts'
import { found, Refusal } from '../company/refusal.ts'
import { renameMember } from '../company/rename.ts'
import { verifyJsapi } from '../oauth/tickets.ts'
import { setUser } from '../oauth/routes.ts'
import type { World } from '../world.ts'
import { bind } from './bind.ts'
import { appEndpoints } from './endpoints/app.ts'
import { companyEndpoints as endpoints } from './endpoints/company.ts'
import { stateOf } from './state.ts'

/** The company: members, departments, the settings of the app and the AI bot. */
export function companyRoutes(router: Router, world: World): void {
  bind(router, endpoints.state, () => stateOf(world))
  bind(router, endpoints.reset, () => {
    world.reset()
    return {}
  })
  bind(router, endpoints.saveMember, ({ body }) => watchRange(world, () => saveMember(world, body)))
  bind(router, endpoints.renameMember, ({ params, body }) => renameMember(world, params.userid, body.new_userid))
  bind(router, endpoints.leave, ({ params }) => {
    watchRange(world, () => leaveCompany(world, params.userid))
    checkLinks(world)
    return {}
  })
  bind(router, endpoints.setStatus, ({ params, body }) => setStatus(world, params.userid, body.status))
  bind(router, endpoints.saveDepartment, ({ body }) => saveDepartment(world, body))
  bind(router, endpoints.deleteDepartment, ({ body }) => {
    deleteDepartment(world, body.id)
    return {}
  })
  bind(router, endpoints.login, ({ body, ctx }) => {
    found(world.store.members.get(body.userid), `member ${body.userid}`)
    setUser(ctx, body.userid)
    return {}
  })
  bind(router, endpoints.saveApp, async ({ body }) => {
    await mustVerify(world, body.callbackUrl, appKeys(world.options))
    world.store.settings.set('app', { ...world.settings(), ...body })
    return body
  })
  bind(router, endpoints.saveTrusted, ({ body }) => {
    world.store.settings.set('app', { ...world.settings(), ...body })
    return {}
  })
  bind(router, appEndpoints.saveBot, async ({ body }) => {
    await mustVerify(world, body.callbackUrl, botKeys(world.options))
    world.store.settings.set('app', { ...world.settings(), botUrl: body.callbackUrl })
    return {}
  })
  bind(router, endpoints.revokeTokens, () => {
    revokeTokens(world)
    return {}
  })
  bind(router, endpoints.verifyJsapi, ({ body }) => verifyJsapi(world, body))
}

/** Saving a callback URL verifies it first; a URL that fails changes nothing. */
async function mustVerify({ options, clock }: World, url: string, keys: Keys): Promise<void> {
  const problem = await verify(url, keys, clock.seconds(), options.verifyTimeoutMs)
  if (problem !== null) throw new Refusal(`the callback URL ${url} did not pass verification: ${problem}`)
}
