import type { Step } from '@zhiyin/shared/rule'
import { createContents } from '../content/contents.ts'
import { createMaterials } from '../content/materials.ts'
import { varsOf } from '../content/read.ts'
import { compile, fill, parse } from '../content/template.ts'
import { createCoupons } from '../coupons/coupons.ts'
import { createLinks } from '../links/links.ts'
import { createPlaybookParts } from '../playbooks/parts.ts'
import { createMedia } from '../media/media.ts'
import { createTalkTracks } from '../talk/talk-tracks.ts'
import type { CustomerView } from '../profile/read.ts'
import type { Base } from './base.ts'
import type { Reads } from './reads.ts'
import type { Settings } from './settings.ts'
import type { Later } from './rooms.ts'

/** Contents, their media, and links that are counted. */
export const joinContent = (
  {
    config,
    log,
    clock,
    newId,
    zone,
    mongo,
    enqueue,
    wecom,
    facts,
    sendsRead,
    names,
    settings,
    definitions,
  }: Base & Reads & Settings,
  later: Later,
) => {
  const coupons = createCoupons({ mongo, clock, newId })
  const contents = createContents({
    mongo,
    clock,
    newId,
    zone,
    attributes: async () => (await definitions.get()).attributes,
    couponOf: coupons.factsOf,
  })
  const materials = createMaterials({ clock, zone, contents, fillCoupons: coupons.handOut, names })
  const talkTracks = createTalkTracks({
    mongo,
    clock,
    newId,
    check: async (text) => void compile(text, await contents.catalog()),
  })
  const playbookParts = createPlaybookParts({ mongo, clock })
  const { render } = contents
  const contentName = async (id: string) => (await contents.get(id)).name
  const assetsOf = (steps: readonly Step[]) =>
    contents.assetsOf(steps.flatMap((step) => (step.type === 'send' ? [step.contentId] : [])))
  const media = createMedia({
    mongo,
    clock,
    log,
    newId,
    enqueue,
    wecom: wecom.media,
    bound: async () => new Set(await assetsOf((await later().rules.store.on()).flatMap(({ steps }) => steps))),
  })
  const links = createLinks({
    mongo,
    clock,
    log,
    base: config.PUBLIC_URL,
    enabled: async () => (await settings.get()).limits.trackLinks,
    intentIdOf: sendsRead.idOfKey,
    appendFacts: facts.append,
  })
  /** A text of a rule with its variables filled in. */
  const fillText = async (text: string, view: CustomerView, rep: string | null) =>
    fill(parse(text), varsOf(view, rep, clock.date()), await contents.catalog(), zone)
  return {
    fillText,
    contents,
    coupons,
    materials,
    talkTracks,
    playbookParts,
    render,
    contentName,
    assetsOf,
    media,
    links,
  }
}

export type Content = ReturnType<typeof joinContent>
