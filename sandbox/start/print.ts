import { manager } from '../population/team.ts'
import type { Stack } from '../stack/stack.ts'
import type { CompanyNow } from './demo.ts'
import { t } from './language.ts'

const names: Readonly<Record<string, readonly [string, string]>> = {
  mongo: ['数据库（试用版 MongoDB 协议服务）', 'Database (MongoDB-wire server for trying out)'],
  redis: ['Redis', 'Redis'],
  wecom: ['企业微信替身', 'WeCom stand-in'],
  web: ['知音服务', 'Zhiyin server'],
}

export type Say = { line(text: string): void; started(name: string): void; progress(text: string, share: number): void }

/** Prints one line per thing that came up. Progress overwrites itself on a terminal; elsewhere it is a line at most every 10 %. */
export const banner = (): Say => {
  const began = Date.now()
  const live = process.stdout.isTTY
  let told = -1
  const clear = live ? '\r\x1b[2K' : ''
  return {
    line: (text) => void process.stdout.write(`${clear}${text}\n`),
    started: (name) => {
      const [zh, en] = names[name] ?? [name, name]
      process.stdout.write(`${clear}✓ ${t(zh, en)} ${((Date.now() - began) / 1000).toFixed(1)} s\n`)
    },
    progress: (text, share) => {
      const tenth = Math.floor(share * 10)
      if (live) process.stdout.write(`${clear}… ${text}`)
      else if (tenth > told) process.stdout.write(`… ${text}\n`)
      told = Math.max(told, tenth)
    },
  }
}

const signIn = (people: readonly string[]): string[] => [
  people.includes(manager.userid)
    ? t('登录时选「王敏」（主管，也是管理员）或任意顾问。', 'Sign in as 王敏 (manager and admin) or any rep.')
    : t(
        '登录时任选一位成员；主管看得到自己部门的客户。',
        'Sign in as any member; a leader sees the customers of their departments.',
      ),
]

/** Nobody can sign in to a company without people: how to get some. */
const whoComesFirst = (wecomUrl: string): string[] => [
  t(
    '公司里还没有人，暂时无人可以登录。在另一个终端任选一种：',
    'Nobody is in the company yet, so nobody can sign in. In another terminal, one of these:',
  ),
  `  npm run demo    # ${t('放进一家有员工和客户的公司', 'puts in a company with staff and customers')}`,
  `  curl ${wecomUrl}/sandbox/api/members -H 'content-type: application/json' -d '{"userid":"boss","name":"Boss","leader":true}'    # ${t('只加一位主管', 'adds one manager')}`,
]

/** The short list at the end. */
export const addresses = (
  say: Say,
  { wecomUrl, publicUrl }: Pick<Stack, 'wecomUrl' | 'publicUrl'>,
  { star, people }: Pick<CompanyNow, 'star' | 'people'>,
): void => {
  const rows: readonly (readonly [string, string])[] = [
    [t('聊天与侧边栏', 'Chat with sidebar'), star === undefined ? `${wecomUrl}/` : `${wecomUrl}/?as=lina&chat=${star}`],
    [t('管理后台', 'Console'), `${publicUrl}/console/`],
    [t('接口文档', 'API docs'), `${publicUrl}/docs`],
    [t('队列看板', 'Queue board'), `${publicUrl}/queues`],
  ]
  const width = Math.max(...rows.map(([name]) => [...name].reduce((sum, char) => sum + (char > '\u2e80' ? 2 : 1), 0)))
  const pad = (name: string): string =>
    name + ' '.repeat(width - [...name].reduce((sum, char) => sum + (char > '\u2e80' ? 2 : 1), 0))
  say.line('')
  for (const [name, url] of rows) say.line(`  ${pad(name)}  ${url}`)
  say.line('')
  for (const line of people.length > 0 ? signIn(people) : whoComesFirst(wecomUrl)) say.line(`  ${line}`)
  say.line(
    t(
      '  Ctrl-C 停止，数据保留；重新开始：npm start -- --reset',
      '  Ctrl-C stops, data stays; begin anew: npm start -- --reset',
    ),
  )
}
