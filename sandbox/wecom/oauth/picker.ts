import type { MemberRow } from '../store/rows.ts'

/** Makes text safe inside HTML. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

const STYLE = `body{margin:0;background:#f0f2f5;color:#1f2329;font:16px/1.5 -apple-system,"PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:420px;margin:8vh auto;background:#fff;border-radius:12px;padding:28px;box-shadow:0 2px 16px #0001}
h1{font-size:20px;margin:0 0 4px}p{color:#646a73;font-size:14px;margin:0 0 18px}
a{display:flex;align-items:center;gap:12px;padding:10px 12px;border-radius:8px;color:inherit;text-decoration:none}
a:hover,a:focus{background:#eef5ff;outline:none}img{width:40px;height:40px;border-radius:6px}
@media(max-width:480px){body{background:#fff}main{margin:0 auto;padding:16px;box-shadow:none}}
small{display:block;color:#8f959e}i{margin-left:auto;font-style:normal;color:#3370ff;font-size:13px}`

function document(title: string, body: string): string {
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`
}

/**
 * The page that asks who is signing in.
 *
 * @param hrefOf where choosing a member leads.
 * @param current the member of the cookie, marked in the list.
 */
export function pickerPage(
  members: MemberRow[],
  hrefOf: (member: MemberRow) => string,
  current: string | undefined,
): string {
  const rows = members.map((member) => {
    const mark = member.userid === current ? '<i>当前身份</i>' : ''
    const avatar = member.avatar === '' ? `/avatar/${encodeURIComponent(member.userid)}.svg` : member.avatar
    const position = member.position ?? (member.leader ? '部门负责人' : '成员')
    return `<a href="${escapeHtml(hrefOf(member))}" data-userid="${escapeHtml(member.userid)}"><img src="${escapeHtml(avatar)}" alt=""><span>${escapeHtml(member.name)}<small>${escapeHtml(position)} · ${escapeHtml(member.userid)}</small></span>${mark}</a>`
  })
  const list = rows.length > 0 ? rows.join('') : '<p>公司里还没有成员。There are no members yet.</p>'
  return document('选择登录身份', `<h1>选择登录身份</h1><p>企业微信沙盒：以哪位成员的身份登录？</p>${list}`)
}

/** A page that says why it goes no further. */
export function errorPage(code: number, text: string): string {
  return document('企业微信沙盒', `<h1>${escapeHtml(text)}</h1><p>错误码 errcode: ${code}</p>`)
}
