import type { Line } from './api.ts'
import type { WordKey } from './words.ts'

type Via = Line['via']

/** By way of what somebody received a line. */
export const viaWords: Record<Via, WordKey> = {
  chat: 'viaChat',
  welcome: 'welcome',
  mass: 'mass',
  group_mass: 'groupMass',
  group_welcome: 'groupWelcome',
  moment: 'moments',
  transfer: 'viaTransfer',
  app: 'appMessages',
  reply: 'viaReply',
  bot: 'bot',
  robot: 'robot',
  notice: 'notices',
  kf: 'viaKf',
}

/** Said by a program, not by a person who typed it. */
export const isByProgram = (via: Via): boolean => ['app', 'reply', 'bot', 'robot', 'notice'].includes(via)
