import { createAlerts } from '../setup/alerts.ts'
import { createSetupRoom } from '../setup/setup.ts'
import type { Base } from './base.ts'
import type { Reads } from './reads.ts'
import type { Sending } from './sending.ts'

/** The connection with WeCom and its alerts. */
export const joinSetup = ({
  config,
  clock,
  mongo,
  redis,
  wecom,
  membersRead,
  inboxRead,
  outbox,
}: Base & Reads & Sending) => {
  const setup = createSetupRoom({
    mongo,
    redis,
    clock,
    apiBase: config.WECOM_API_BASE,
    publicUrl: config.PUBLIC_URL,
    corpId: config.WECOM_CORP_ID,
    token: config.WECOM_CALLBACK_TOKEN,
    aesKey: config.WECOM_CALLBACK_AES_KEY,
    verifyFileSetting: config.WECOM_VERIFY_FILE,
    probe: wecom.probe,
    read: wecom.read,
    tickets: wecom.tickets,
    lastCallback: async () => (await inboxRead.health()).lastAt,
  })
  const alerts = createAlerts({
    mongo,
    clock,
    admins: membersRead.admins,
    wantMany: outbox.wantMany,
    setupUrl: `${config.PUBLIC_URL}/console/setup`,
  })
  return { setup, alerts }
}

export type Setup = ReturnType<typeof joinSetup>
