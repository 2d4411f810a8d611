import type { BridgeHost, ChatTarget, Entry, OutgoingMessage } from '../bridge/host.ts'
import type { Desk } from './desk.ts'
import { toAttachment } from './attachments.ts'
import { saveCover } from './cover.ts'
import { createPictures } from './pictures.ts'
import { type Part, partsOf, safeUrl } from './parts.ts'
import { sayResults } from './results.ts'

/** Marks a department among the choices of colleagues. */
const PARTY = 'party:'
/** WeChat contacts; the others are people of other companies' WeCom. */
const WECHAT = 1

interface HostOptions {
  close: () => void
  hideAttachmentMenu: (items: readonly string[]) => void
}

/** The client around the sidebar, as the bridge needs it: everything is done as the signed-in member. */
export function createHost(desk: Desk, { close, hideAttachmentMenu }: HostOptions): BridgeHost {
  const { api, directory, words, dialogs } = desk
  const pictures = createPictures(api, dialogs)
  const externalUserid = () => (desk.view.value === 'rep' ? desk.pair.value?.external_userid : undefined)
  const chatId = () => (desk.current.value?.kind === 'group' ? desk.current.value.id : undefined)
  const groups = () => directory.value?.groupsOf(desk.me.value) ?? []
  const hasChat = (chat_id: string) => groups().some((group) => group.chat_id === chat_id)
  /** Customers chosen earlier, for "not yet chosen" lists. */
  const chosenBefore = new Set<string>()

  function entry(): Entry {
    const from = desk.sidebar.from.value
    const chat = chatId()
    if (chat === undefined && externalUserid() === undefined) return 'normal'
    if (from === 'attachment') return 'chat_attachment'
    if (chat !== undefined)
      return directory.value?.group(chat)?.kind === 'internal' ? 'internal_group_chat_board' : 'group_chat_tools'
    return from === 'profile' ? 'contact_profile' : 'single_chat_tools'
  }
  const sayOne = (target: ChatTarget, { text, msgtype, content }: OutgoingMessage) =>
    api.say({ from: 'member', userid: desk.me.value, ...target, text, msgtype, content })

  return {
    verify: (claim) => api.verifySignature(claim),
    isPhone: () => !desk.isWide.value,
    entry,
    externalUserid,
    chatId,
    isContact: (id) => directory.value?.relation(desk.me.value, id) !== undefined,
    isWechat: (id) => directory.value?.customer(id)?.type === WECHAT,
    isMember: (id) => directory.value?.member(id) !== undefined,
    hasChat,
    async say(target, message) {
      await sayOne(target, message)
      await desk.poke()
    },
    async sayToMany(targets, messages) {
      const { results } = await api.massByMember({
        userid: desk.me.value,
        external_userids: targets.flatMap((target) => ('external_userid' in target ? [target.external_userid] : [])),
        chat_ids: targets.flatMap((target) => ('chat_id' in target ? [target.chat_id] : [])),
        text: messages.find(({ msgtype }) => msgtype === 'text')?.text ?? '',
        attachments: messages.filter(({ msgtype }) => msgtype !== 'text').map(toAttachment),
      })
      desk.toast.show(sayResults(results, words))
      await desk.poke()
    },
    enterChat() {
      if (!desk.isWide.value) close()
    },
    hideAttachmentMenu,
    async publishMoment({ text, attachments }) {
      const said: Part[] = text === '' ? [] : [{ kind: 'text', text }]
      if (!(await dialogs.moment([...said, ...attachments.flatMap(partsOf)]))) return false
      const own = { userid: desk.me.value, text, attachments: attachments.map(toAttachment) }
      await api.publishOwnMoment(own)
      desk.toast.show(words.t('momentPublished'))
      await desk.poke()
      return true
    },
    async setMomentsCover(cover) {
      const isAgreed = await dialogs.ask(words.t('coverAsk', cover), words.t('confirm'))
      if (isAgreed) saveCover(desk.me.value, cover)
      return isAgreed
    },
    chooseImages: (count) => pictures.choose(count),
    uploadImage: (localId) => pictures.upload(localId),
    openMiniprogram: (appid, path) => dialogs.show({ kind: 'miniprogram', appid, path }),
    openChat: (target) => desk.open('chat_id' in target ? target.chat_id : target.external_userid),
    async createChat(name, userids, external_userids) {
      const people = [...userids, ...external_userids]
      const title = name || people.map((id) => directory.value?.nameOf(id) ?? id).join('、')
      const kind = external_userids.length > 0 ? 'customer' : 'internal'
      const { chat_id } = await api.createGroup(title, desk.me.value, kind)
      for (const id of people) if (id !== desk.me.value) await api.joinGroup(chat_id, id)
      await desk.poke()
      return chat_id
    },
    async addToChat(chat_id, userids) {
      for (const id of userids) await api.joinGroup(chat_id, id)
      await desk.poke()
    },
    openCard: (id) => dialogs.show({ kind: 'card', id }),
    openAddCustomer: () => dialogs.show({ kind: 'scan' }),
    async pickContacts({ onlyNew, ...wish }) {
      const people = (directory.value?.relationsOf(desk.me.value) ?? [])
        .map((pair) => pair.external_userid)
        .filter((id) => !onlyNew || !chosenBefore.has(id))
      const choices = people.map((id) => ({ id, name: directory.value?.nameOf(id, desk.me.value) ?? id, note: id }))
      const sends = wish.preview.length > 0
      const ids = await dialogs.pick({
        ...wish,
        choices,
        title: words.t(sends ? 'shareTitle' : 'pickContacts'),
        confirm: (n) => (sends ? words.t('shareSend', { n }) : words.t('confirm')),
      })
      for (const id of ids ?? []) chosenBefore.add(id)
      return ids
    },
    pickChats: (wish) =>
      dialogs.pick({
        ...wish,
        choices: groups().map((group) => ({
          id: group.chat_id,
          name: group.name,
          note: words.t('membersN', { n: group.members.length }),
        })),
        title: words.t(wish.preview.length > 0 ? 'shareTitle' : 'pickChats'),
        confirm: (n) => words.t('shareSendChats', { n }),
      }),
    async pickMembers({ departments, members, ...wish }) {
      const { company } = desk
      const offered = [
        ...(departments ? (company.value?.departments ?? []) : []).map((one) => ({
          id: `${PARTY}${one.id}`,
          name: one.name,
          note: words.t('department'),
        })),
        ...(members ? (company.value?.members ?? []) : []).map((one) => ({
          id: one.userid,
          name: one.name,
          note: one.position ?? '',
        })),
      ]
      const ids = await dialogs.pick({
        ...wish,
        choices: offered,
        title: words.t('pickMembers'),
        confirm: () => words.t('confirm'),
      })
      if (ids === undefined) return undefined
      const named = offered.filter(({ id }) => ids.includes(id))
      const isParty = (id: string) => id.startsWith(PARTY)
      return {
        departmentList: named
          .filter(({ id }) => isParty(id))
          .map(({ id, name }) => ({ id: id.slice(PARTY.length), name })),
        userList: named
          .filter(({ id }) => !isParty(id))
          .map(({ id, name }) => ({ id, name, avatar: directory.value?.member(id)?.avatar ?? '' })),
      }
    },
    showPicture: (url) => dialogs.show({ kind: 'picture', url }),
    async copy(text) {
      await navigator.clipboard.writeText(text)
      desk.toast.show(words.t('copied'))
    },
    openBrowser(url) {
      const safe = safeUrl(url)
      if (safe !== undefined) window.open(safe, '_blank', 'noopener,noreferrer')
    },
    closePage: close,
  }
}
