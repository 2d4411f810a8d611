import type { RobotMessage } from '@zhiyin/shared/robot'

/** A robot's message with its files at hand: a picture by its bytes (at most 2 MB, jpg or png), others by a media_id for robots. */
export type RobotWire =
  | Extract<RobotMessage, { kind: 'text' | 'markdown' | 'markdown_v2' | 'news' | 'card' }>
  | { readonly kind: 'image'; readonly bytes: Uint8Array }
  | { readonly kind: 'file' | 'voice'; readonly mediaId: string }

export type RobotsWrite = {
  /** `webhook`: the robot's whole address, a secret. 20 a minute per robot (45009 is `blocked`). Not safe to repeat. */
  sendRobot: (webhook: string, message: RobotWire) => Promise<void>
}
