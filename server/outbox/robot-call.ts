import { because, type Because } from '@zhiyin/shared/because'
import { imageBytes, robotParts, type RobotMessage } from '@zhiyin/shared/robot'
import { wecomOf, type WecomWrite } from '../wecom/types.ts'
import { robotMessagesOf } from './body-messages.ts'
import type { Files } from './files.ts'
import type { IntentDoc } from './intents.model.ts'

/** A robot shows these only (apis.md §19). */
const isJpgOrPng = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xd8) || (bytes[0] === 0x89 && bytes[1] === 0x50)

/** What an intent says through a robot, one message after the other; empty when it says nothing. */
export const robotPartsOf = ({ robot, body }: Pick<IntentDoc, 'robot' | 'body'>): RobotMessage[] => {
  if (robot) return robotParts(robot)
  return body === null ? [] : robotMessagesOf(body).flatMap(robotParts)
}

/** WeCom will not take this robot's messages until a person has mended it: why, and what to do. Null: it is something else. */
export const disablingOf = (error: unknown): Because | null => {
  const told = wecomOf(error)
  if (told?.kind !== 'config') return null
  const { errcode, hint } = told
  if (errcode === 93000) return because('robot.gone', { errcode })
  if (errcode === 93004) return because('robot.off', { errcode })
  if (errcode === 93006 || errcode === 93008) return because('robot.not_in_group', { errcode })
  return because('robot.refused', { errcode, hint: hint.slice(0, 200) })
}

/** Sends one part through a robot. Throws as the adapter does, and MediaMissing. */
export const createSay =
  ({ write, files }: { write: Pick<WecomWrite, 'sendRobot'>; files: Files }) =>
  async (webhook: string, part: RobotMessage): Promise<void> => {
    const asFile = (kind: 'file' | 'voice', asset: { assetId: string; name: string }): Promise<void> =>
      files.withId(asset, { robot: webhook }, (mediaId) => write.sendRobot(webhook, { kind, mediaId }))
    if (part.kind === 'file' || part.kind === 'voice') return asFile(part.kind, part)
    if (part.kind !== 'image') return write.sendRobot(webhook, part)
    const bytes = await files.bytesOf(part)
    const shows = bytes.length <= imageBytes && isJpgOrPng(bytes)
    // What it cannot show, it hands over as a file.
    return shows ? write.sendRobot(webhook, { kind: 'image', bytes }) : asFile('file', part)
  }

export type Say = ReturnType<typeof createSay>
