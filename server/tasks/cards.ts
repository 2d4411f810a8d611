import type { AppMessage } from '@zhiyin/shared/app-message'
import { handlersOf, type EventHandlers, type EventPayload } from '@zhiyin/shared/events'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { SendItem, WantInput } from '../outbox/read.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { answeredCard, askingCard, cardIdOf, cardKeys, taskOfCard } from './card.ts'
import { taskModel, type TaskDoc } from './tasks.model.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Pressed later, a task comes again after this long. */
export const snoozeMs = hourMs
/** A code for updating a card is good for 72 h. */
const updateMs = 72 * hourMs
/** More cards at once than this are one message that says how many. */
const maxAtOnce = 3
/** Cards that are due so soon go together. */
const togetherMs = 60_000
const againMs = 30_000
const perSweep = 500

type Pressed = EventPayload<'template_card_event'>

export type TaskCardsDeps = {
  mongo: Mongo
  clock: Clock
  /** The company's time zone. */
  zone: string
  /** The console, without a slash at its end. */
  consoleUrl: string
  enabled: () => Promise<boolean>
  customerNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  wantMany: (inputs: readonly WantInput[]) => Promise<{ _id: string }[]>
  sendOf: (intentId: string) => Promise<Pick<SendItem, 'state' | 'answers'> | null>
  /** Opens what is sealed in a title; without it nothing is sealed. */
  openText?: (text: string) => string
  /** Ticks a task off as its rep. */
  done: (userid: string, taskId: string) => Promise<unknown>
}

/** Reps' tasks as cards in WeCom: sent when due, ticked off or put off by their buttons, and changed to what became of the task. */
export const createTaskCards = (deps: TaskCardsDeps) => {
  const {
    mongo,
    clock,
    zone,
    consoleUrl,
    enabled,
    customerNames,
    wantMany,
    sendOf,
    done,
    openText = (text) => text,
  } = deps
  const model = taskModel(mongo.connection)

  const aboutAll = async (tasks: readonly TaskDoc[]) => {
    const names = await customerNames([...new Set(tasks.flatMap(({ customerIds }) => customerIds.slice(0, 1)))])
    return ({ customerIds: [id] }: TaskDoc) => ({
      customer: id === undefined ? '' : (names.get(id) ?? ''),
      url: id === undefined ? `${consoleUrl}/` : `${consoleUrl}/customers/${encodeURIComponent(id)}`,
      zone,
    })
  }

  const wish = (key: string, userid: string, app: AppMessage, text: string, forMs: number): WantInput => ({
    key,
    channel: 'app',
    userid,
    app,
    body: { text, attachments: [] },
    expiresAt: new Date(clock.now() + forMs),
  })

  const shown = ({ _id, userid, round = 0 }: TaskDoc, intentId: string) => ({
    updateOne: {
      filter: { _id, state: 'open' as const },
      update: { $set: { card: { id: cardIdOf(_id, round), intentId, userid } }, $unset: { cardAt: 1 as const } },
    },
  })

  /** As its rep reads it. */
  const opened = (task: TaskDoc): TaskDoc => ({ ...task, title: openText(task.title) })

  /** Many at once are one line; they have no card of their own. */
  const sumUp = async (userid: string, tasks: readonly TaskDoc[]): Promise<void> => {
    const ids = tasks.map(({ _id }) => _id)
    const description = `${tasks
      .slice(0, 5)
      .map((task) => `· ${opened(task).title}`)
      .join('\n')}\n…`
    const app = { kind: 'textcard', title: `你有 ${tasks.length} 条待办`, description, url: `${consoleUrl}/` } as const
    const key = `task-cards:${userid}:${ids[0] ?? ''}:${tasks[0]?.round ?? 0}`
    await wantMany([wish(key, userid, app, app.title, dayMs)])
    await model.updateMany({ _id: { $in: ids } }, { $unset: { cardAt: 1 } })
  }

  const showEach = async (sealed: readonly TaskDoc[]): Promise<void> => {
    const tasks = sealed.map(opened)
    const about = await aboutAll(tasks)
    const intents = await wantMany(
      tasks.map((task) => {
        const card = askingCard(task, about(task), task.round ?? 0)
        return wish(
          `task-card:${cardIdOf(task._id, task.round ?? 0)}`,
          task.userid,
          { kind: 'card', card },
          task.title,
          dayMs,
        )
      }),
    )
    await model.bulkWrite(
      tasks.flatMap((task, index) => {
        const intent = intents[index]
        return intent === undefined ? [] : [shown(task, intent._id)]
      }),
    )
  }

  const show = async (due: readonly TaskDoc[], now: Date): Promise<void> => {
    for (const userid of new Set(due.map((task) => task.userid))) {
      const soon = new Date(now.getTime() + togetherMs)
      const tasks = await model
        .find({ userid, state: 'open', cardAt: { $lte: soon } })
        .sort({ _id: 1 })
        .lean()
      await (tasks.length > maxAtOnce ? sumUp(userid, tasks) : showEach(tasks))
    }
  }

  /** A card whose task ended elsewhere is changed with the code that came when it was sent. */
  const settle = async (task: TaskDoc): Promise<void> => {
    const { _id, card } = task
    const send = card === undefined ? null : await sendOf(card.intentId)
    const underWay = send !== null && !['sent', 'failed', 'blocked'].includes(send.state)
    if (underWay) return void (await model.updateOne({ _id }, { $set: { cardAt: new Date(clock.now() + againMs) } }))
    const code = send?.answers?.[0]?.responseCode ?? null
    if (card !== undefined && code !== null) await update(task, card.userid, code, `task-card:${card.id}:closed`)
    await model.updateOne({ _id }, { $unset: { card: 1, cardAt: 1 } })
  }

  const update = async (sealed: TaskDoc, receiver: string, code: string, key: string): Promise<void> => {
    const task = opened(sealed)
    const card = answeredCard(task, (await aboutAll([task]))(task), receiver)
    const text = `${task.title}：${card.sub_title_text ?? ''}`
    await wantMany([wish(key, receiver, { kind: 'card_update', code, card }, text, updateMs)])
  }

  /** Once per card and button: pressed twice, or told twice, it is one act and one change of the card. */
  const pressed = async ({ from, eventKey, taskId: cardId, responseCode }: Pressed): Promise<void> => {
    const of = taskOfCard(cardId)
    const task = of === null ? null : await model.findById(of.taskId).lean()
    if (of === null || task === null) return
    const mine = task.userid.toLowerCase() === from.toLowerCase()
    await model.updateOne({ _id: task._id, 'card.id': cardId }, { $unset: { card: 1 } })
    if (mine && task.state === 'open' && eventKey === cardKeys.done) await done(task.userid, task._id)
    if (mine && eventKey === cardKeys.later) await snooze(of)
    const now = await model.findById(task._id).lean()
    if (now !== null && responseCode !== undefined && responseCode !== '')
      await update(now, from, responseCode, `task-card:${cardId}:${eventKey ?? ''}`)
  }

  const snooze = async ({ taskId, round }: { taskId: string; round: number }): Promise<void> => {
    const until = new Date(clock.now() + snoozeMs)
    const again = { dueAt: until, orderAt: until, cardAt: until, round: round + 1 }
    const same = round === 0 ? { round: { $in: [0, null] } } : { round }
    await model.updateOne({ _id: taskId, state: 'open', ...same }, { $set: again })
  }

  const handlers: EventHandlers = handlersOf((on) => {
    on('template_card_event', { name: 'task-cards', lane: 'soon', run: ({ fields }) => pressed(fields) })
  })

  return {
    handlers,
    sweep: {
      stage: 'task-cards',
      prompt: true,
      async run(now) {
        const due = await model
          .find({ cardAt: { $lte: now } })
          .sort({ cardAt: 1 })
          .limit(perSweep)
          .lean()
        if (due.length === 0) return 0
        const open = due.filter(({ state }) => state === 'open')
        if (await enabled()) await show(open, now)
        else await model.updateMany({ _id: { $in: open.map(({ _id }) => _id) } }, { $unset: { cardAt: 1 } })
        for (const task of due) if (task.state !== 'open') await settle(task)
        return due.length
      },
    } satisfies Sweep,
    backlog: {
      stage: 'task-cards',
      async count(now) {
        const oldest = await model
          .findOne({ cardAt: { $lte: now } }, { cardAt: 1 })
          .sort({ cardAt: 1 })
          .lean()
        const due = await model.countDocuments({ cardAt: { $lte: now } })
        return { pending: 0, due, dead: 0, oldestAt: oldest?.cardAt ?? null }
      },
    } satisfies BacklogOf,
  }
}
