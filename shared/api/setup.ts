import { z } from 'zod'
import { CheckId } from '../setup/checks.ts'
import { CheckResult } from '../setup/result.ts'
import { endpoint, none, Ok } from './endpoint.ts'

/** Something WeCom refuses because a setting or right is at fault, from the first time until a call goes through again. */
export const WecomFault = z.object({
  path: z.string(),
  errcode: z.int(),
  hint: z.string(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  count: z.int(),
})
export type WecomFault = z.infer<typeof WecomFault>

export const setup = {
  state: endpoint({
    method: 'GET',
    path: '/api/setup',
    permission: 'manager',
    summary: 'What the checks of the connection with WeCom found last',
    params: none,
    query: none,
    body: none,
    output: z.object({
      /** Those that have been made. */
      items: z.array(CheckResult),
      /** To be entered in WeCom under 接收消息. */
      callbackUrl: z.string(),
      /** Name of the domain file that is served; null: none. */
      verifyFile: z.string().nullable(),
    }),
  }),
  run: endpoint({
    method: 'POST',
    path: '/api/setup/run',
    permission: 'manager',
    summary: 'Check the connection with WeCom; all of it, or these checks',
    params: none,
    query: none,
    body: z.object({ ids: z.array(CheckId).min(1).max(100).optional() }),
    output: z.object({ items: z.array(CheckResult) }),
  }),
  faults: endpoint({
    method: 'GET',
    path: '/api/setup/faults',
    permission: 'manager',
    summary: 'What WeCom refuses at the moment and a person must mend',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(WecomFault) }),
  }),
  saveVerifyFile: endpoint({
    method: 'PUT',
    path: '/api/setup/verify-file',
    permission: 'admin',
    summary: 'Serve a file that proves the domain to WeCom',
    params: none,
    query: none,
    body: z.object({
      name: z.string().regex(/^WW_verify_\w{1,64}\.txt$/),
      content: z.string().trim().min(1).max(1000),
    }),
    output: Ok,
  }),
}
