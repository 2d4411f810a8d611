import { attributesApi } from '../../api/attributes.ts'
import { customersApi } from '../../api/customers.ts'
import { identitiesApi } from '../../api/identities.ts'
import { lossesApi } from '../../api/losses.ts'
import { privacyApi } from '../../api/privacy.ts'
import { segmentsApi } from '../../api/segments.ts'
import { tagRulesApi } from '../../api/tag-rules.ts'
import { tagsApi } from '../../api/tags.ts'
import { tiersApi } from '../../api/tiers.ts'
import { transfersApi } from '../../api/transfers.ts'
import { correctAttribute } from '../../commands/correct-attribute.ts'
import { editContact } from '../../commands/edit-contact.ts'
import { tagByModel } from '../../commands/tag-by-model.ts'
import { createLossesRead } from '../../losses/read.ts'
import { createIdentitiesRead } from '../../profile/identities/read.ts'
import { createTransfersRead } from '../../transfers/read.ts'
import { writeTaskKey } from '../../outbox/read.ts'
import type { Rooms } from '../rooms.ts'

/** Customers and what managers define of them. */
export const customersEndpoints = ({
  newId,
  mongo,
  wecom,
  audit,
  auditRead,
  border,
  look,
  facts,
  profileRead,
  factsRead,
  tagsRead,
  called,
  views,
  tagNames,
  sees,
  customerNames,
  definitions,
  profile,
  rules,
  tasks,
  settings,
  attributes,
  segments,
  tiers,
  tagRules,
  tagTermsTrial,
  tags,
  transfers,
  privacy,
  clock,
}: Rooms) => [
  ...customersApi({
    read: profileRead,
    timeline: factsRead.timeline,
    look,
    definitions,
    memberNames: called,
    suggestContents: rules.suggestFor,
    saidByHand: async (id) => {
      await rules.saidByHand(id)
      await tasks.close([writeTaskKey(id)], 'done')
    },
    optOutWords: async () => (await settings.get()).limits.optOutWords,
    append: facts.append,
    fold: profile.fold,
    clock,
    audit,
    newId,
    tagNames,
    tag: profile.tag,
    correct: correctAttribute({
      read: profileRead,
      append: facts.append,
      fold: profile.fold,
      clock,
      audit,
      newId,
      definitions,
    }),
    editContact: editContact({
      read: profileRead,
      clock,
      audit,
      contactTypeOf: profileRead.contactTypeOf,
      remark: wecom.setup.remark,
      noteContact: (id, userid, note, at) => profile.noteContact(id, userid, border.seal.note(note), at),
      fetchContact: profile.fetchContact,
    }),
  }),
  ...attributesApi({
    attributes,
    read: profileRead,
    progress: profile.recompute.progress,
    definitions,
    look,
    clock,
    audit,
  }),
  ...identitiesApi({
    identities: profile.identities,
    identitiesRead: createIdentitiesRead(mongo),
    read: profileRead,
    sees,
    look,
    definitions,
    clock,
    names: called,
    tagNames,
    audit,
  }),
  ...transfersApi({ transfers, transfersRead: createTransfersRead(mongo), sees, names: called, customerNames, audit }),
  ...lossesApi({ lossesRead: createLossesRead(mongo), views, sees, names: called }),
  ...privacyApi({
    privacy,
    auditRead,
    audit,
    look,
    read: profileRead,
    whole: profileRead.whole,
    countConsents: profileRead.countByConsent,
    sees,
    names: called,
    customerNames,
  }),
  ...tagsApi({
    tags,
    termsTrial: tagTermsTrial,
    tagsRead,
    countByTag: profileRead.countByTag,
    countByKind: profileRead.countByKind,
    byModel: tagByModel({ read: profileRead, tagNames, tag: profile.tag, clock, audit }),
    audit,
  }),
  ...tagRulesApi({ tagRules, audit }),
  ...tiersApi({
    tiers,
    read: profileRead,
    customerNames,
    sees,
    definitions,
    progress: profile.recompute.progress,
    clock,
    audit,
  }),
  ...segmentsApi({ segments, audit }),
]
