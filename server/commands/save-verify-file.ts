import type { Audit } from '../audit/audit.ts'
import type { SignedIn } from '../platform/actor.ts'
import type { VerifyFile, VerifyFiles } from '../setup/verify-files.ts'

type Deps = { files: Pick<VerifyFiles, 'save'>; audit: Audit }

/** An admin puts the file that proves the domain to WeCom into the root of the site. */
export const saveVerifyFileCommand =
  ({ files, audit }: Deps) =>
  async (actor: SignedIn, file: VerifyFile): Promise<void> => {
    await files.save(file)
    await audit.record({ actor, act: 'setup.verify_file', subject: `file:${file.name}`, detail: {} })
  }
