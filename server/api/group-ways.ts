import { groupWelcomes, joinWays, type GroupWelcome, type JoinWay } from '@zhiyin/shared/api/group-ways'
import type { Audit } from '../audit/audit.ts'
import { changeGroupWelcome } from '../commands/change-group-welcome.ts'
import { changeJoinWay } from '../commands/change-join-way.ts'
import type { Groups } from '../groups/groups.ts'
import { notFound } from '../platform/errors.ts'
import { bind, type Bound } from './bind.ts'

type Deps = { groups: Pick<Groups, 'joinWays' | 'tally' | 'welcomes'>; audit: Audit }
type WayDoc = Awaited<ReturnType<Groups['joinWays']['load']>>
type WelcomeDoc = Awaited<ReturnType<Groups['welcomes']['create']>>

const ok: { ok: true } = { ok: true }

const presentWelcome = ({
  _id,
  name,
  state,
  text,
  attachment,
  notify,
  changedAt,
  changedBy,
}: WelcomeDoc): GroupWelcome => ({
  id: _id,
  name,
  state,
  text,
  attachment,
  notify,
  changedAt: changedAt.toISOString(),
  changedBy,
})

/** Codes into customer groups, and what groups say to newcomers. */
export const groupWaysApi = ({ groups, audit }: Deps): Bound[] => {
  const way = changeJoinWay({ groups, audit })
  const welcome = changeGroupWelcome({ groups, audit })

  const present = async (doc: WayDoc): Promise<JoinWay> => {
    const [item] = await groups.tally([doc], groups.joinWays.standing)
    if (item === undefined) throw notFound('joinWay', doc._id)
    return item
  }

  return [
    bind(joinWays.list, async () => ({
      items: await groups.tally(await groups.joinWays.list(), groups.joinWays.standing),
    })),
    bind(joinWays.create, async ({ actor, body }) => present(await way.create(actor, body))),
    bind(joinWays.update, async ({ actor, params, body }) => present(await way.update(actor, params.id, body))),
    bind(joinWays.remove, async ({ actor, params }) => {
      await way.remove(actor, params.id)
      return ok
    }),
    bind(joinWays.decide, async ({ actor, params, body }) => {
      await way.decide(actor, params.id, body.decision)
      return ok
    }),
    bind(joinWays.picture, ({ params }) => groups.joinWays.picture(params.id)),
    bind(groupWelcomes.list, async () => ({ items: (await groups.welcomes.list()).map(presentWelcome) })),
    bind(groupWelcomes.create, async ({ actor, body }) => presentWelcome(await welcome.create(actor, body))),
    bind(groupWelcomes.update, async ({ actor, params, body }) =>
      presentWelcome(await welcome.update(actor, params.id, body)),
    ),
    bind(groupWelcomes.remove, async ({ actor, params }) => {
      await welcome.remove(actor, params.id)
      return ok
    }),
    bind(groupWelcomes.decide, async ({ actor, params, body }) => {
      await welcome.decide(actor, params.id, body.decision)
      return ok
    }),
  ]
}
