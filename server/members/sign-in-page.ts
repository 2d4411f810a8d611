import { sayError } from '@zhiyin/shared/errors'
import { fill, type Bilingual, type Lang } from '@zhiyin/shared/text'
import { adviceFor, ipIn } from '@zhiyin/shared/wecom-advice'
import type { AppError } from '../platform/errors.ts'

const words = {
  title: { zh: '没有登录成功', en: 'Not signed in' },
  again: { zh: '重新登录', en: 'Sign in again' },
} as const satisfies Record<string, Bilingual>

const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)

const style = `body{margin:0;background:#f5f6f8;color:#1f2329;font:16px/1.6 -apple-system,"PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:420px;margin:16vh auto 0;padding:28px;background:#fff;border-radius:12px;box-sizing:border-box}
h1{font-size:20px;margin:0 0 8px}p{margin:0 0 20px;color:#4e5661}
a{display:inline-block;padding:9px 20px;border-radius:8px;background:#2b5fd9;color:#fff;text-decoration:none}
@media(max-width:480px){main{margin:12px}}
@media(prefers-color-scheme:dark){body{background:#16181d;color:#e8eaed}main{background:#1f2228}p{color:#a5adba}}`

/** Where WeCom refuses us, not the person, it says what an administrator must click. */
const adviceOf = ({ code, params }: AppError, lang: Lang): string => {
  const { errcode, hint } = params
  if (code !== 'wecom.refused' || typeof errcode !== 'number') return ''
  return `<p>${escaped(fill(adviceFor(errcode), { ip: ipIn(String(hint)) }, lang))}</p>`
}

/** A page for whoever could not be signed in: why, and the way back. `to`: a path of our own. */
export const signInFailed = (error: AppError, to: string, lang: Lang): string => {
  const { code, params } = error
  return `<!doctype html><html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${words.title[lang]}</title><style>${style}</style></head>
<body><main data-code="${code}"><h1>${words.title[lang]}</h1><p>${escaped(sayError(code, params, lang))}</p>${adviceOf(error, lang)}
<a href="${escaped(to)}">${words.again[lang]}</a></main></body></html>`
}
