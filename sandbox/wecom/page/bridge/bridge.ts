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
import type { SignatureClaim } from '../data/api.ts'

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

/** The client's side of the JS-SDK: answers calls by name, with the client's own endings. */
export function createBridge(host: BridgeHost): Bridge {
  /** What agentConfig allowed, per page address: another path or query has to be signed anew. */
  const allowed = new Map<string, ReadonlySet<string>>()
  /** The functions of this client: a desktop has fewer than a phone. */
  const find = (name: string) => {
    const found = bridgeFunctions.get(name)
    return found?.phone && !host.isPhone() ? undefined : found
  }
  const isKnown = (name: string) => find(name) !== undefined || OWN.includes(name)
  const judge = async (claim: SignatureClaim): Promise<Ending | undefined> => {
    const { ok: isGood, why } = await host.verify(claim)
    // `detail` is no field of the client's: it tells the reader of the log what is wrong.
    return isGood ? undefined : { tail: 'fail', code: INVALID_SIGNATURE, data: { detail: why } }
  }

  async function agentConfig({ params, url }: BridgeCall): Promise<Ending> {
    const parsed = AgentConfig.safeParse(params)
    const page = withoutHash(url)
    allowed.delete(page)
    if (!parsed.success) return fail('fail', INVALID_SIGNATURE)
    const refused = await judge(parsed.data.claim(page))
    if (refused) return refused
    allowed.set(page, new Set(parsed.data.jsApiList))
    return ok({ checkResult: Object.fromEntries(parsed.data.jsApiList.map((name) => [name, isKnown(name)])) })
  }

  async function corpConfig({ params, url }: BridgeCall): Promise<Ending> {
    const parsed = CorpConfig.safeParse(params)
    if (!parsed.success) return fail('fail', INVALID_SIGNATURE)
    return (await judge(parsed.data.claim(withoutHash(url)))) ?? ok()
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
    const known = find(call.name)
    if (!known) return NOT_EXIST
    if (known.needs === 'agent' && !allowed.get(withoutHash(call.url))?.has(call.name)) return NO_PERMISSION
    if (known.thirdParty) return NO_PERMISSION
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
