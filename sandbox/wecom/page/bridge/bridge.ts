import { z } from 'zod'
import { AgentConfig, CorpConfig } from './config.ts'
import {
  type Answer,
  answerOf,
  BAD_PARAMS,
  type Ending,
  fail,
  NO_CONTEXT,
  NO_PERMISSION,
  NOT_EXIST,
  ok,
} from './ending.ts'
import { bridgeFunctions } from './functions/index.ts'
import type { BridgeHost } from './host.ts'

/** One call from the embedded page; `url` is that page's address. */
interface BridgeCall {
  name: string
  params: Record<string, unknown>
  url: string
}
export interface Bridge {
  answer(call: BridgeCall): Promise<Answer>
  /** A new page was opened: nothing it may do yet. */
  reset(): void
}

const INVALID_SIGNATURE = 40093
const OWN = ['agentConfig', 'preVerifyJSAPI', 'checkJsApi']
const CheckJsApi = z.object({ jsApiList: z.array(z.string()) })
const withoutHash = (url: string) => url.split('#', 1)[0] ?? url
const isKnown = (name: string) => bridgeFunctions.has(name) || OWN.includes(name)

/** The client's side of the JS-SDK: answers calls by name, with the client's own endings. */
export function createBridge(host: BridgeHost): Bridge {
  /** What agentConfig allowed, per page address: another path or query has to be signed anew. */
  const allowed = new Map<string, ReadonlySet<string>>()

  async function agentConfig({ params, url }: BridgeCall): Promise<Ending> {
    const parsed = AgentConfig.safeParse(params)
    const page = withoutHash(url)
    allowed.delete(page)
    if (!parsed.success) return fail('fail', INVALID_SIGNATURE)
    const claim = parsed.data.claim(page)
    const isOurs = claim.corpid === host.corpId() && claim.agentid === host.agentId()
    if (!isOurs || !(await host.verify(claim))) return fail('fail', INVALID_SIGNATURE)
    allowed.set(page, new Set(parsed.data.jsApiList))
    return ok({ checkResult: Object.fromEntries(parsed.data.jsApiList.map((name) => [name, isKnown(name)])) })
  }

  async function corpConfig({ params, url }: BridgeCall): Promise<Ending> {
    const parsed = CorpConfig.safeParse(params)
    if (!parsed.success) return fail('fail', INVALID_SIGNATURE)
    const claim = parsed.data.claim(withoutHash(url))
    const isOurs = claim.corpid === host.corpId()
    return isOurs && (await host.verify(claim)) ? ok() : fail('fail', INVALID_SIGNATURE)
  }

  function checkJsApi({ params }: BridgeCall): Ending {
    const parsed = CheckJsApi.safeParse(params)
    if (!parsed.success) return BAD_PARAMS
    const known = Object.fromEntries(parsed.data.jsApiList.map((name) => [name, isKnown(name)]))
    return ok({ checkResult: JSON.stringify(known) })
  }

  async function end(call: BridgeCall): Promise<Ending> {
    if (call.name === 'agentConfig') return agentConfig(call)
    if (call.name === 'preVerifyJSAPI') return corpConfig(call)
    if (call.name === 'checkJsApi') return checkJsApi(call)
    const known = bridgeFunctions.get(call.name)
    if (!known) return NOT_EXIST
    if (known.needs === 'agent' && !allowed.get(withoutHash(call.url))?.has(call.name)) return NO_PERMISSION
    if (known.entries && !known.entries.includes(host.entry())) return NO_CONTEXT
    return known.run(call.params, host)
  }

  return {
    async answer(call) {
      const ending = await end(call).catch((error: unknown) =>
        fail(`fail ${error instanceof Error ? error.message : String(error)}`),
      )
      return answerOf(call.name, ending)
    },
    reset: () => allowed.clear(),
  }
}
