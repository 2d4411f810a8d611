import { z } from 'zod'
import { none } from '@zhiyin/shared/api/endpoint'
import { AppSettings, JsapiVerify, Member, State } from '../contract.ts'
import { Done, get, post, postAt, put } from '../declare.ts'

export const MemberParams = z.object({ userid: z.string().min(1) })
export const MemberBody = Member.partial().extend({
  userid: z.string().min(1).max(64),
  gender: z.int().min(0).max(2).optional(),
})
const Department = z.object({ id: z.int(), name: z.string(), parentid: z.int(), order: z.int() })
const DepartmentBody = z.object({
  id: z.int().min(1).optional(),
  name: z.string().min(1).max(32).optional(),
  parentid: z.int().min(1).optional(),
})
const Tag = z.object({ id: z.string(), name: z.string() })
const name = z.string().min(1).max(30)

/** The company: people, departments, the app, the tags made in WeCom's console. */
export const companyEndpoints = {
  state: get('state', '公司的全部现状 / the company as it is', none, State),
  reset: post('reset', '清空公司，保留时钟和应用设置 / an empty company; clock and app settings stay', none, Done),
  saveMember: post('members', '新建或修改成员（触发回调） / make or change a member (calls back)', MemberBody, Member),
  renameMember: postAt(
    'members/:userid/rename',
    '修改成员的 userid（触发回调） / give a member another userid (calls back)',
    MemberParams,
    z.object({ new_userid: z.string().min(1).max(64) }),
    Member,
  ),
  leave: postAt(
    'members/:userid/leave',
    '成员离职（触发回调） / a member leaves (calls back)',
    MemberParams,
    none,
    Done,
  ),
  setStatus: postAt(
    'members/:userid/status',
    '成员状态：1 已激活，2 已禁用，4 未激活（触发回调） / a member’s status: 1 active, 2 disabled, 4 not activated (calls back)',
    MemberParams,
    z.object({ status: z.literal([1, 2, 4]) }),
    Member,
  ),
  saveDepartment: post(
    'departments',
    '新建或改名部门（触发回调） / make or rename a department (calls back)',
    DepartmentBody,
    Department,
  ),
  deleteDepartment: post(
    'departments/delete',
    '删除空部门（触发回调） / delete an empty department (calls back)',
    z.object({ id: z.int().min(2) }),
    Done,
  ),
  login: post('login', '本浏览器以此成员登录 / this browser is this member', MemberParams, Done),
  saveApp: put(
    'app',
    '应用设置；保存时验证回调地址 / the app’s settings; saving verifies the callback URL',
    AppSettings,
    AppSettings,
  ),
  saveTrusted: put(
    'trusted',
    '应用的可信域名 / the app’s trusted domain',
    z.object({ trustedDomain: z.string() }),
    Done,
  ),
  revokeTokens: post('tokens/revoke', '所有 access_token 立即失效 / all access tokens end now', none, Done),
  verifyJsapi: post(
    'jsapi/verify',
    '按客户端的规则检查页面签名 / check a page’s signature as the client does',
    JsapiVerify,
    z.object({ ok: z.boolean(), err_msg: z.string() }),
  ),
  addTags: post(
    'console/tags',
    '管理后台新建标签（触发回调） / make tags in the console (calls back)',
    z.object({ group: name, names: z.array(name).min(1) }),
    z.object({ group_id: z.string(), tags: z.array(Tag) }),
  ),
  renameTag: post(
    'console/tags/rename',
    '管理后台改标签或标签组的名字（触发回调） / rename a tag or a group in the console (calls back)',
    z.object({ id: z.string(), name }),
    Done,
  ),
  shuffleTags: post(
    'console/tags/shuffle',
    '管理后台调整顺序（触发回调）：group_id 组内标签，不填为各组 / reorder in the console (calls back): the tags of group_id, without one the groups',
    z.object({ group_id: z.string().optional(), ids: z.array(z.string()).min(1) }),
    Done,
  ),
  deleteTag: post(
    'console/tags/delete',
    '管理后台删除标签或标签组（触发回调） / delete a tag or a group in the console (calls back)',
    z.object({ id: z.string() }),
    Done,
  ),
}
