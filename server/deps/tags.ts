import { createHolds, createTermsTrial } from '../profile/read.ts'
import { askingSegments } from '../segments/asking.ts'
import { createTagMarks } from '../tags/marks.ts'
import { createTagRules } from '../tags/rules.ts'
import { createTags } from '../tags/tags.ts'
import { createTermsTrials } from '../tags/terms-trial.ts'
import type { Base } from './base.ts'
import type { Reads } from './reads.ts'
import type { Settings } from './settings.ts'
import type { Sending } from './sending.ts'
import type { Customers } from './profile.ts'
import type { Later } from './rooms.ts'

/** The tag library, tags put on by rules, and what the marks of reps say. */
export const joinTags = (
  {
    log,
    clock,
    newId,
    mongo,
    enqueue,
    wecom,
    profileRead,
    tagsRead,
    definitions,
    wantTag,
    profile,
    channelsRead,
  }: Base & Reads & Settings & Sending & Customers,
  later: Later,
) => {
  const tagMarks = createTagMarks({
    view: profileRead.view,
    holdsOf: createHolds(mongo).of,
    ruledOn: profileRead.ruledOn,
    tagsByIds: tagsRead.byIds,
    wantTag,
  })
  const tagRules = createTagRules({
    mongo,
    clock,
    newId,
    tagsRead,
    definitions: definitions.fresh,
    recompute: () => profile.recompute.want(),
    count: profileRead.count,
    scan: profileRead.scan,
    terms: tagsRead.terms,
  })
  const tags = createTags({
    mongo,
    clock,
    newId,
    log,
    enqueue,
    setup: wecom.setup,
    wecom: wecom.read,
    clear: profile.clearTag,
    recompute: () => profile.recompute.want(),
    uses: async () => [
      // Those of tag rules that are on are among all of them.
      ...(await later().asking()).filter(({ kind }) => kind !== 'tag'),
      ...askingSegments(
        (await later().segments.all()).map(({ _id, name, condition }) => ({ id: _id, name, condition })),
      ),
      ...(await tagRules.list()).map(({ rule: { name, tagId, condition } }) => ({
        ...{ name, conditions: [condition] },
        tagIds: [tagId],
      })),
      ...(await channelsRead.list()).map(({ name, tagIds }) => ({ name, conditions: [], tagIds })),
    ],
  })
  const tagTermsTrial = createTermsTrials({ clock, tagsRead, trial: createTermsTrial(mongo) })
  return { tagMarks, tagRules, tags, tagTermsTrial }
}

export type Tagging = ReturnType<typeof joinTags>
