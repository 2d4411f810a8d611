import type { PrivacySettings } from '@zhiyin/shared/privacy'
import type { Audit } from '../audit/audit.ts'
import type { SignedIn } from '../platform/actor.ts'
import type { Privacy } from '../privacy/read.ts'

type Deps = { privacy: Pick<Privacy, 'settings' | 'rotation'>; audit: Audit }

/** An admin changes how long what is kept or what needs a consent, or has everything sealed anew. */
export const changePrivacy = ({ privacy, audit }: Deps) => ({
  async settings(actor: SignedIn, patch: Partial<PrivacySettings>): Promise<PrivacySettings> {
    const changed = await privacy.settings.update(patch)
    await audit.record({ actor, act: 'privacy.settings_changed', subject: 'settings:privacy', detail: { ...patch } })
    return changed
  },
  async rotate(actor: SignedIn): Promise<void> {
    await privacy.rotation.begin()
    await audit.record({ actor, act: 'privacy.rotation_asked', subject: 'settings:keys', detail: {} })
  },
})
