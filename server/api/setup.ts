import { setup as endpoints, type WecomFault } from '@zhiyin/shared/api/setup'
import { saveVerifyFileCommand } from '../commands/save-verify-file.ts'
import type { Faults } from '../setup/faults.ts'
import type { SetupRoom } from '../setup/setup.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof saveVerifyFileCommand>[0] & {
  setup: Pick<SetupRoom, 'run' | 'state'>
  faults: Pick<Faults, 'open'>
}

const present = (fault: Awaited<ReturnType<Faults['open']>>[number]): WecomFault => ({
  path: fault.path,
  errcode: fault.errcode,
  hint: fault.hint,
  firstAt: fault.firstAt.toISOString(),
  lastAt: fault.lastAt.toISOString(),
  count: fault.count,
})

export const setupApi = ({ setup, faults, ...deps }: Deps): Bound[] => {
  const saveVerifyFile = saveVerifyFileCommand(deps)
  return [
    bind(endpoints.state, () => setup.state()),
    bind(endpoints.run, async ({ body }) => ({ items: await setup.run(body.ids) })),
    bind(endpoints.faults, async () => ({ items: (await faults.open()).map(present) })),
    bind(endpoints.saveVerifyFile, async ({ actor, body }) => {
      await saveVerifyFile(actor, body)
      return { ok: true as const }
    }),
  ]
}
