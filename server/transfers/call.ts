import type { Model } from 'mongoose'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { retryOf } from '../platform/errors.ts'
import { type TransfersSetup, wecomOf } from '../wecom/types.ts'
import type { Claim } from './claim.ts'
import { codes, isRunning } from './reasons.ts'
import type { Settle } from './settle.ts'
import type { ItemDoc, TransferDoc } from './transfers.model.ts'

const againMs = 30_000
/** A right that is missing is not there a second later. */
const configMs = 600_000

type Deps = {
  transfers: Model<TransferDoc>
  clock: Clock
  log: Log
  setup: TransfersSetup
  claim: Claim
  settle: Settle
}

/** Asks WeCom to hand over what is planned and due, call by call. What is claimed before a call is settled after it, whatever comes. */
export const createCall = ({ transfers, clock, log, setup, claim, settle }: Deps) => {
  const later = (ms: number): Date => new Date(clock.now() + ms)

  const customers = async (transfer: TransferDoc, batch: readonly ItemDoc[]): Promise<void> => {
    const [first] = batch
    if (first === undefined) return
    const pair = { kind: transfer.mode, from: transfer.from, to: first.to }
    const answers = await setup.transferCustomers(
      pair,
      batch.map(({ target }) => target),
      transfer.ask.message,
    )
    const codeOf = new Map(answers.map(({ externalUserId, errcode }) => [externalUserId, errcode]))
    const of = (test: (errcode: number | undefined) => boolean) =>
      batch.filter(({ target }) => test(codeOf.get(target)))
    await settle.begun(of((errcode) => errcode === 0))
    // One that runs already may be ours, of a lost answer before: the list tells.
    const running = of((errcode) => errcode !== undefined && isRunning(errcode))
    await settle.doubt(running, String(codes.running[1]))
    await settle.doubt(of((errcode) => errcode === undefined))
    const refused = of((errcode) => errcode !== undefined && errcode !== 0 && !isRunning(errcode))
    for (const item of refused) await settle.fail(transfer, [item], 'failed', String(codeOf.get(item.target)))
  }

  const groups = async (transfer: TransferDoc, batch: readonly ItemDoc[]): Promise<void> => {
    const [first] = batch
    if (first === undefined) return
    const failed = await setup.transferGroups(
      { kind: transfer.mode, to: first.to },
      batch.map(({ target }) => target),
    )
    const codeOf = new Map(failed.map(({ chatId, errcode }) => [chatId, errcode]))
    const at = clock.date()
    await settle.done(batch.filter(({ target }) => !codeOf.has(target)).map((item) => ({ item, at })))
    const dayUsed = batch.filter(({ target }) => codeOf.get(target) === codes.dayUsed)
    await settle.putBack(dayUsed, claim.tomorrow(), String(codes.dayUsed))
    for (const item of batch) {
      const errcode = codeOf.get(item.target)
      if (errcode !== undefined && errcode !== codes.dayUsed)
        await settle.fail(transfer, [item], 'failed', String(errcode))
    }
  }

  /** Answers whether it makes sense to go on with the next call now. */
  const failed = async (transfer: TransferDoc, batch: readonly ItemDoc[], error: unknown): Promise<boolean> => {
    const told = wecomOf(error)
    if (told === null) throw error
    const { kind, errcode, hint } = told
    log.warn({ transfer: transfer._id, kind, errcode, hint }, 'a hand-over was not taken')
    if (kind === 'ambiguous') {
      await settle.doubt(batch)
      return true
    }
    if (errcode === codes.notLeft && transfer.mode === 'resigned') {
      await transfers.updateOne({ _id: transfer._id }, { $set: { mode: 'onjob' } })
      await settle.putBack(batch, clock.date())
      return false
    }
    if (kind === 'refused' || kind === 'gone') {
      await settle.fail(transfer, batch, 'failed', String(errcode))
      return true
    }
    const retry = retryOf(error)
    const waitMs = kind === 'config' ? configMs : typeof retry === 'object' ? retry.afterMs : againMs
    if (kind === 'config') await transfers.updateOne({ _id: transfer._id }, { $set: { problem: { errcode, hint } } })
    await settle.putBack(batch, later(waitMs))
    return false
  }

  const perCall = 100
  return async (transfer: TransferDoc): Promise<void> => {
    for (const what of ['customer', 'group'] as const) {
      for (;;) {
        const room = what === 'group' ? await claim.groupsLeft(transfer.from) : perCall
        if (room === 0) await claim.holdGroups(transfer)
        const batch = await claim.next(transfer, what, room)
        if (batch.length === 0) break
        try {
          await (what === 'customer' ? customers(transfer, batch) : groups(transfer, batch))
          if (transfer.problem !== null) await transfers.updateOne({ _id: transfer._id }, { $set: { problem: null } })
        } catch (error) {
          if (!(await failed(transfer, batch, error))) break
        }
      }
    }
  }
}

export type CallNext = ReturnType<typeof createCall>
