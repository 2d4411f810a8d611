/** Trying a rule: whom it would meet today. */
export const dryRun = {
  limited: '只算了你能看到的客户；规则对全公司的客户都生效。',
  title: '今天会遇到谁',
  hint: '试算，不会发送',
  behind: '正在重算…',
  missing: '补上这些就能试算',
  problems: '需要注意',
  nobody: '看了 {n} 位客户，今天没有人符合。可以放宽条件再试。',
  checked: '看了 {n} 位客户，列出 {shown} 位',
  more: '再列出 {n} 位',
  see: '看内容',
  hide: '收起',
  by: '由 {rep}',
  colon: '：',
  count: { send: '会发出', wait: '先等待', block: '挡下', holdout: '对照组', skip: '不进入' },
  outcome: {
    send: '会发出',
    wait: '先等待',
    block: '挡下',
    holdout: '对照组，不触达',
    skip: '不进入',
  },
}
