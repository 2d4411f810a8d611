import { because } from '@zhiyin/shared/because'
import { createForgetJobs } from '../flow/forget.ts'
import { joinPrivacy } from '../personal.ts'
import type { Base } from './base.ts'
import type { Reads } from './reads.ts'
import type { Settings } from './settings.ts'
import type { Content } from './content.ts'
import type { Sending } from './sending.ts'
import type { Intake } from './intake.ts'

/** Consent, copies, erasure and retention over every room. */
export const joinPrivacyRoom = ({
  log,
  clock,
  newId,
  mongo,
  queues,
  enqueue,
  auditRead,
  vault,
  graves,
  border,
  profileRead,
  names,
  customerNames,
  privacySettings,
  links,
  outbox,
  dataIn,
  imports,
}: Base & Reads & Settings & Content & Sending & Intake) => {
  const privacy = joinPrivacy({
    mongo,
    clock,
    log,
    newId,
    enqueue,
    vault,
    graves,
    border,
    settings: privacySettings,
    auditRead,
    names,
    customerNames,
    customerIds: profileRead.idsAfter,
    purgeImports: imports.purge,
    ingest: dataIn.personal,
    forgetInLinks: links.forget,
    forgetJobs: createForgetJobs(queues),
    takeBack: (customerId) => outbox.withdraw({ customerId }, because('send.erased')),
  })
  return { privacy }
}

export type PrivacyRoom = ReturnType<typeof joinPrivacyRoom>
