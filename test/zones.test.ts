import { describe, expect, it } from 'vitest'
import { brokenZones } from '../scripts/zones.ts'

const broken = (file: string, source: string): string[] => brokenZones([file], () => source)

describe('zones', () => {
  it.each([
    ['shared/a.ts', "import koa from 'koa'"],
    ['sidebar/src/a.ts', "import '../../server/main.ts'"],
    ['console/src/a.vue', '<script setup lang="ts">import x from \'../../sidebar/src/x.ts\'</script>'],
    ['server/platform/a.ts', "import '../rules/read.ts'"],
    ['server/rules/a.ts', "import '../profile/profile.ts'"],
    ['server/rules/a.ts', "import '../profile/customers.model.ts'"],
    ['server/api/a.ts', "import '../profile/customers.model.ts'"],
    ['server/results/a.ts', "import { send } from '../wecom/write/mass.ts'"],
    ['server/rules/a.ts', "import '../deps/index.ts'"],
    ['server/rules/a.ts', "import '../../sandbox/mongo/server.ts'"],
    ['sandbox/demo/a.ts', "export * from '../../server/platform/clock.ts'"],
  ])('%s may not contain %s', (file, source) => {
    expect(broken(file, source).length).toBeGreaterThan(0)
  })

  it.each([
    ['shared/a.ts', "import { z } from 'zod'"],
    ['server/rules/a.ts', "import type { CustomerView } from '../profile/view.ts'"],
    ['server/rules/sub/a.ts', "import '../b.ts'"],
    ['server/main.ts', "import './deps/index.ts'"],
    ['server/deps/a.ts', "import './rooms.ts'"],
    ['server/outbox/a.ts', "import '../platform/errors.ts'"],
    ['server/rules/a.test.ts', "import '../../sandbox/mongo/server.ts'"],
  ])('%s may contain %s', (file, source) => {
    expect(broken(file, source)).toEqual([])
  })
})
