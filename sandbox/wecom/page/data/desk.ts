import { computed, inject, type InjectionKey, provide, reactive, ref, shallowRef, watch } from 'vue'
import { createBridgeLog } from '../bridge/log.ts'
import { useAddress, signInAs } from './address.ts'
import { createApi, type Line, type MomentTask, type SandboxApi, type Task } from './api.ts'
import { asApiError } from './call.ts'
import { useCompany } from './company.ts'
import { type Conversation, conversationOf, conversationsOf, firstMoment, newestOf } from './conversations.ts'
import { type Control, createControl } from './control.ts'
import { useDialogs } from './dialogs.ts'
import { useMedia } from './layout.ts'
import { createPump, type Happening, useLive } from './live.ts'
import { useSidebar } from './sidebar.ts'
import { useToast } from './toast.ts'
import { createWords, type Lang } from './words.ts'

const REFRESH_GAP_MS = 400
const LINES_GAP_MS = 50
const LANG_KEY = 'wecom-sandbox-lang'

function firstLang(): Lang {
  const chosen = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(LANG_KEY)
  return chosen === 'en' ? 'en' : 'zh'
}

/** The desk of whoever this page acts as: their conversations, the open one, their tasks, and the acts they can do. */
function createDesk(api: SandboxApi, control: Control) {
  const words = createWords(firstLang(), (lang) => localStorage.setItem(LANG_KEY, lang))
  const { as, chat } = useAddress(window)
  const { company, directory, problem, arrivals, firstSeq, clockOffset, refresh, take } = useCompany(api)
  const toast = useToast()
  const dialogs = useDialogs()
  const bridgeLog = createBridgeLog(window)
  /** List, chat and sidebar side by side; otherwise one at a time. */
  const isWide = useMedia('(width >= 900px)')
  const lines = shallowRef<readonly Line[]>()
  const tasks = shallowRef<readonly Task[]>()
  const moments = shallowRef<readonly MomentTask[]>()
  const seen = reactive(new Map<string, number>())

  const defaultRep = computed(() => {
    const counts = new Map<string, number>()
    for (const { userid } of company.value?.relations ?? []) counts.set(userid, (counts.get(userid) ?? 0) + 1)
    const members = company.value?.members ?? []
    return [...members].sort((a, b) => (counts.get(b.userid) ?? 0) - (counts.get(a.userid) ?? 0))[0]?.userid ?? ''
  })
  const isKnown = computed(() => Boolean(directory.value?.member(as.value) ?? directory.value?.customer(as.value)))
  const me = computed(() => (isKnown.value ? as.value : defaultRep.value))
  const view = computed<'rep' | 'customer'>(() => (directory.value?.customer(me.value) ? 'customer' : 'rep'))
  /** The member the client is signed in as; stays while looking on as a customer. */
  const rep = ref('')

  const agentId = () => company.value?.app.agentId ?? ''
  const waiting = computed(() => (tasks.value ?? []).filter((task) => task.status === 'waiting').length)
  const firstWaiting = computed(() => tasks.value?.find((task) => task.status === 'waiting'))
  const conversations = computed<Conversation[]>(() => {
    if (!directory.value || !me.value) return []
    const newest = newestOf(arrivals.value, { me: me.value, agentId: agentId() }, seen, firstSeq.value)
    const titles = {
      app: words.t('appMessages'),
      mass: words.t('massHelper'),
      notice: words.t('notices'),
      moments: words.t('moments'),
    }
    const bot = company.value?.app.botUrl ? { bot: words.t('bot') } : {}
    const helpers = {
      mass: { preview: firstWaiting.value?.text ?? '', unread: waiting.value },
      moments: firstMoment(moments.value ?? []),
    }
    return conversationsOf(directory.value, me.value, newest, { ...titles, ...bot }, helpers)
  })
  const current = computed<Conversation | undefined>(() => {
    const id = chat.value
    const listed = conversations.value.find((conversation) => conversation.id === id)
    if (listed || !directory.value) return listed
    const isPerson = view.value === 'rep' ? directory.value.customer(id) : directory.value.member(id)
    if (!isPerson) return undefined
    return { id, kind: 'single', title: isPerson.name, preview: '', at: 0, unread: 0 }
  })
  /** The open (rep, customer) pair, whichever side is me. */
  const pair = computed(() => {
    if (current.value?.kind !== 'single') return undefined
    const [userid, external_userid] = view.value === 'rep' ? [me.value, current.value.id] : [current.value.id, me.value]
    return { userid, external_userid }
  })
  const relation = computed(
    () => pair.value && directory.value?.relation(pair.value.userid, pair.value.external_userid),
  )
  const isInternal = () => directory.value?.group(chat.value)?.kind === 'internal'
  const sidebar = useSidebar(isWide, chat, isInternal)
  /** The panel of the sandbox itself. */
  const panelOpen = ref(false)

  async function readLines(): Promise<readonly Line[] | undefined> {
    const kind = current.value?.kind
    if (pair.value) return api.chat(pair.value.userid, pair.value.external_userid)
    if (kind === 'group') return api.groupChat(chat.value)
    if (kind !== 'app') return undefined
    const [received, written] = await Promise.all([api.ledger({ to: me.value }), api.ledger({ from: me.value })])
    return [...received, ...written]
      .filter((line) => conversationOf(line, me.value, agentId()) === chat.value)
      .sort((a, b) => a.id.localeCompare(b.id))
  }
  async function readOpen() {
    const key = `${me.value}/${chat.value}`
    const isRep = view.value === 'rep' && me.value !== ''
    const [nextLines, nextTasks, nextMoments] = await Promise.all([
      readLines(),
      isRep ? api.tasks(me.value) : [],
      isRep ? api.moments(me.value) : [],
    ])
    if (key !== `${me.value}/${chat.value}`) return
    if (nextLines) lines.value = nextLines
    tasks.value = nextTasks
    moments.value = nextMoments
    if (chat.value) seen.set(chat.value, arrivals.value.length)
  }
  function fail(error: unknown) {
    problem.value = asApiError(error)
  }
  const poke = createPump(async () => {
    await refresh()
    if (problem.value) return
    await readOpen().catch(fail)
  }, REFRESH_GAP_MS)
  const readAgain = createPump(() => readOpen().catch(fail), LINES_GAP_MS)
  function onEvent(event: Happening) {
    if (event.type === 'clock') clockOffset.value = event.clock.now - Date.now()
    if (event.type === 'state') void poke()
    if (event.type !== 'ledger' || !company.value) return
    take([event.entry])
    if (conversationOf(event.entry, me.value, agentId()) === chat.value) void readAgain()
  }
  const { live } = useLive('/sandbox/api/events', onEvent, () => {
    void poke()
  })

  watch([me, chat], ([nextMe], [lastMe]) => {
    lines.value = undefined
    if (nextMe !== lastMe) {
      tasks.value = undefined
      moments.value = undefined
      seen.clear()
    }
    if (chat.value) seen.set(chat.value, arrivals.value.length)
    if (directory.value) void readOpen().catch(fail)
    else void poke()
  })
  watch(
    [me, view],
    () => {
      if (view.value !== 'rep' || !me.value) return
      rep.value = me.value
      signInAs(me.value)
    },
    { flush: 'sync' },
  )

  /** Does something over the admin API and shows its effect; a refusal becomes a toast and answers undefined. */
  async function act<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work()
      await Promise.all([readAgain(), poke()])
      return result
    } catch (error) {
      const { kind, message } = asApiError(error)
      toast.show(kind === 'offline' ? words.t('unreachable') : `${words.t('refused')}: ${message}`, 'bad')
      return undefined
    }
  }

  function open(id: string) {
    chat.value = id
  }
  function become(id: string, openChat = '') {
    as.value = id
    chat.value = openChat
  }
  /** The same conversation from the other side. */
  function switchView() {
    if (view.value === 'customer') {
      const known = current.value?.kind === 'single' ? current.value.id : rep.value || defaultRep.value
      become(known, current.value?.kind === 'group' ? chat.value : me.value)
      return
    }
    const met = directory.value?.relationsOf(me.value)[0]?.external_userid
    const inGroup = directory.value
      ?.group(chat.value)
      ?.members.find((member) => directory.value?.customer(member.id))?.id
    const customer = pair.value?.external_userid ?? inGroup ?? met ?? company.value?.customers[0]?.external_userid
    if (customer) become(customer, inGroup ? chat.value : me.value)
  }

  return {
    api,
    control,
    words,
    isWide,
    sidebar,
    panelOpen,
    company,
    directory,
    problem,
    live,
    clockOffset,
    arrivals,
    toast,
    dialogs,
    bridgeLog,
    lines,
    tasks,
    moments,
    waiting,
    me,
    rep,
    view,
    conversations,
    current,
    pair,
    relation,
    chat,
    act,
    poke,
    open,
    become,
    switchView,
  }
}

export type Desk = ReturnType<typeof createDesk>
const deskKey: InjectionKey<Desk> = Symbol('desk')

export function provideDesk(api: SandboxApi = createApi(), control: Control = createControl()): Desk {
  const desk = createDesk(api, control)
  provide(deskKey, desk)
  void desk.poke()
  return desk
}

export function useDesk(): Desk {
  const desk = inject(deskKey)
  if (!desk) throw new Error('useDesk() outside of a component that provides the desk')
  return desk
}
