import { createAudit } from '../audit/audit.ts'
import { createAuditRead } from '../audit/read.ts'
import { createFacts } from '../events/facts.ts'
import { createEnqueue, createQueues } from '../flow/enqueue.ts'
import { createIds } from '../platform/id.ts'
import type { Clock } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import { createMetrics } from '../platform/metrics.ts'
import { connectMongo } from '../platform/mongo.ts'
import { connectRedis } from '../platform/redis.ts'
import { createVault } from '../platform/vault.ts'
import { createBorder, normalPersonal } from '../privacy/border.ts'
import { createGraves } from '../privacy/graves.ts'
import { createLook } from '../privacy/look.ts'
import { createFaults } from '../setup/faults.ts'
import { createWecom } from '../wecom/create.ts'
import type { Later } from './rooms.ts'

export type Start = { config: Config; log: Log; clock: Clock }

/** Clients, clock, ids, the adapter, the audit, what keeps personal data, and the facts. */
export const joinBase = async ({ config, log, clock }: Start, later: Later) => {
  const metrics = createMetrics()
  const newId = createIds(clock)
  const zone = config.TIMEZONE
  const mongo = await connectMongo(config.MONGODB_URL, log)
  const redis = connectRedis(config.REDIS_URL, log)
  const queues = createQueues(redis)
  const enqueue = createEnqueue(queues, log)
  const faults = createFaults({ mongo, clock, log })
  const wecom = createWecom({ config, redis, clock, log, metrics, onFault: faults.met, onPassed: faults.passed })
  const audit = createAudit({ mongo, clock, newId })
  const auditRead = createAuditRead(mongo)
  const vault = createVault({ ring: config.PII_KEYS, indexKey: config.PII_INDEX_KEY, normal: normalPersonal })
  const graves = createGraves({ mongo, vault })
  const border = createBorder({ vault, graves, definitions: () => later().definitions.get() })
  const look = createLook({ vault, saw: audit.saw, sensitive: border.sensitive.is })
  const told = border.wecom(wecom.read)
  const facts = border.facts(createFacts({ mongo, clock, enqueue, log }))
  return {
    config,
    log,
    clock,
    metrics,
    newId,
    zone,
    mongo,
    redis,
    queues,
    enqueue,
    faults,
    wecom,
    audit,
    auditRead,
    vault,
    graves,
    border,
    look,
    told,
    facts,
  }
}

export type Base = Awaited<ReturnType<typeof joinBase>>
