import type { MassMessage } from '@zhiyin/shared/broadcast'
import type { OpenMessage } from '../outbox/read.ts'

/** A mass message as the console shows it. */
export const presentMassMessage = (message: OpenMessage, names: ReadonlyMap<string, string>): MassMessage => ({
  id: message.id,
  channel: message.channel,
  userid: message.sender,
  rep: names.get(message.sender) ?? message.sender,
  preview: message.preview,
  receivers: message.receivers,
  ruleId: message.ruleId,
  broadcastId: message.broadcastId ?? null,
  createdAt: message.createdAt.toISOString(),
  expiresAt: message.expiresAt.toISOString(),
  confirmedAt: message.confirmedAt?.toISOString() ?? null,
  reminders: (message.reminders ?? []).map((at) => at.toISOString()),
  end: message.end ?? null,
})
