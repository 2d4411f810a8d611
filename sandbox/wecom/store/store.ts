import { z } from 'zod'
import { LedgerEntry } from '../admin/contract.ts'
import { CallbackDelivery } from '../admin/endpoints/callbacks.ts'
import type { Journal } from './journal.ts'
import * as acts from './rows-acts.ts'
import * as kf from './rows-kf.ts'
import * as setup from './rows-setup.ts'
import * as rows from './rows.ts'
import { Table } from './table.ts'

/** All tables of the stand-in. */
export type Store = ReturnType<typeof openStore>

/**
 * Opens the tables on a journal: reads the earlier run, then starts the journal anew with what is left.
 *
 * @param changed hears the table name of every change.
 */
export function openStore(journal: Journal, changed: (table: string) => void) {
  const all = new Map<
    string,
    { restore(key: string, value: unknown): void; entries(): IterableIterator<[string, unknown]>; clear(): void }
  >()
  function table<T>(name: string, schema: z.ZodType<T>): Table<T> {
    const made = new Table(name, schema, (of, key, value) => {
      journal.note(of, key, value)
      changed(of)
    })
    all.set(name, made)
    return made
  }

  const tables = {
    settings: table('settings', rows.SettingsRow),
    clock: table('clock', z.int()),
    members: table('members', rows.MemberRow),
    departments: table('departments', rows.DepartmentRow),
    customers: table('customers', rows.CustomerRow),
    relations: table('relations', rows.RelationRow),
    tagGroups: table('tagGroups', rows.TagGroupRow),
    tags: table('tags', rows.TagRow),
    groups: table('groups', rows.GroupRow),
    contactWays: table('contactWays', rows.ContactWayRow),
    welcomeCodes: table('welcomeCodes', rows.WelcomeCodeRow),
    halves: table('halves', z.string()),
    mass: table('mass', rows.MassRow),
    tasks: table('tasks', rows.MassTaskRow),
    tokens: table('tokens', rows.TokenRow),
    tickets: table('tickets', rows.TicketRow),
    oauthCodes: table('oauthCodes', rows.OauthCodeRow),
    userTickets: table('userTickets', rows.UserTicketRow),
    media: table('media', rows.MediaRow),
    quota: table('quota', rows.CountRow),
    duplicates: table('duplicates', rows.DuplicateRow),
    ledger: table('ledger', LedgerEntry),
    callbacks: table('callbacks', CallbackDelivery),
    strategies: table('strategies', setup.StrategyRow),
    joinWays: table('joinWays', setup.JoinWayRow),
    groupWelcomes: table('groupWelcomes', setup.GroupWelcomeRow),
    albums: table('albums', setup.AlbumRow),
    interceptRules: table('interceptRules', setup.InterceptRuleRow),
    links: table('links', setup.LinkRow),
    linkQuota: table('linkQuota', setup.QuotaRow),
    app: table('app', setup.AppRow),
    transfers: table('transfers', acts.TransferRow),
    moments: table('moments', acts.MomentRow),
    publications: table('publications', acts.PublicationRow),
    linkCustomers: table('linkCustomers', acts.LinkCustomerRow),
    chatKeys: table('chatKeys', acts.ChatKeyRow),
    sent: table('sent', acts.SentRow),
    responseCodes: table('responseCodes', acts.ResponseCodeRow),
    uploadJobs: table('uploadJobs', acts.UploadJobRow),
    daily: table('daily', rows.CountRow),
    kfAccounts: table('kfAccounts', kf.KfAccountRow),
    kfMessages: table('kfMessages', kf.KfMessageRow),
    kfSessions: table('kfSessions', kf.KfSessionRow),
    kfCodes: table('kfCodes', kf.KfCodeRow),
    kfTokens: table('kfTokens', kf.KfTokenRow),
  }

  journal.replay((name, key, value) => all.get(name)?.restore(key, value))
  journal.compact(everyRow(all))

  return {
    ...tables,
    reset: () => all.forEach((each, name) => name !== 'settings' && name !== 'clock' && each.clear()),
  }
}

function* everyRow(
  all: Map<string, { entries(): IterableIterator<[string, unknown]> }>,
): Generator<[string, string, unknown]> {
  for (const [name, table] of all) for (const [key, value] of table.entries()) yield [name, key, value]
}
