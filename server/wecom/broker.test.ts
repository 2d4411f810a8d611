import { afterEach, describe, expect, it, vi } from 'vitest'
import { setTimeout as sleep } from 'node:timers/promises'
import { movableClock } from '../../test/support/clock.ts'
import { quietLog } from '../../test/support/log.ts'
import { useRedis } from '../../test/support/redis.ts'
import { createBroker } from './broker.ts'
import { WecomError } from './errors.ts'
import { createVault } from './vault.ts'

const redis = useRedis()
const vault = createVault('a secret of 32 characters and more', 'test')
const key = 'zhiyin:wecom:token:test'
const restMs = { fetched: 0, renewed: 5000 }

const set = (store?: { shared?: boolean }) => {
  const clock = movableClock()
  let fetched = 0
  const fetch = async () => {
    fetched += 1
    const value = `token ${fetched}`
    await sleep(30)
    return { value, expiresInSeconds: 7200 }
  }
  const away = () => Promise.reject(new Error('redis is away'))
  const shared = store?.shared === false ? { get: away, set: away, eval: away } : redis.get()
  const broker = () => createBroker({ name: 'token:test', fetch, redis: shared, vault, clock, log: quietLog, restMs })
  return { clock, broker, fetched: () => fetched }
}
afterEach(() => redis.get().flushall())

describe('broker', () => {
  it('fetches once for 20 callers in two processes', async () => {
    const { broker, fetched } = set()
    const [one, two] = [broker(), broker()]
    const got = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).get()))
    expect(new Set(got.map((lent) => lent.value))).toEqual(new Set(['token 1']))
    expect(fetched()).toBe(1)
  })

  it('renews once, however many meet the stale one, and only that one', async () => {
    const { broker, fetched } = set()
    const [one, two] = [broker(), broker()]
    const [stale] = await Promise.all([one.get(), two.get()])
    const got = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).renew(stale)))
    expect(new Set(got.map((lent) => lent.value))).toEqual(new Set(['token 2']))
    expect((await one.renew(stale)).value).toBe('token 2')
    expect(fetched()).toBe(2)
  })

  it('is renewed once, ahead of its end, while the old one is still used', async () => {
    const { broker, clock, fetched } = set()
    const [one, two] = [broker(), broker()]
    await Promise.all([one.get(), two.get()])
    clock.advance(109 * 60_000)
    expect((await one.get()).value).toBe('token 1')
    await sleep(60)
    expect(fetched()).toBe(1)
    clock.advance(2 * 60_000)
    const during = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).get()))
    expect(new Set(during.map(({ value }) => value))).toEqual(new Set(['token 1']))
    await vi.waitFor(async () => expect((await one.get()).value).toBe('token 2'), { timeout: 4000 })
    await vi.waitFor(async () => expect((await two.get()).value).toBe('token 2'), { timeout: 4000 })
    expect(fetched()).toBe(2)
    expect(await one.state()).toMatchObject({ fetchedAt: new Date(clock.now()) })
  })

  it('is not used at its last second, nor when it could not be renewed in time', async () => {
    const { broker, clock, fetched } = set()
    const one = broker()
    await one.get()
    clock.advance(120 * 60_000 - 20_000)
    expect((await one.get()).value).toBe('token 2')
    expect(fetched()).toBe(2)
  })

  it('a clock that goes back keeps nobody from renewing what is refused', async () => {
    const { broker, clock, fetched } = set()
    const one = broker()
    const first = await one.renew(await one.get())
    expect(first.value).toBe('token 2')
    clock.advance(-180 * 86_400_000)
    const second = await one.get()
    expect(second.value).toBe('token 3')
    expect((await one.renew(second)).value).toBe('token 4')
    expect(fetched()).toBe(4)
  })

  it('one that was renewed a moment ago and is refused again is not fetched a third time at once', async () => {
    const { broker, clock, fetched } = set()
    const [one, two] = [broker(), broker()]
    const fresh = await one.renew(await one.get())
    for (const each of [one, two, one, two]) expect(await each.renew(fresh)).toMatchObject({ id: fresh.id })
    expect(fetched()).toBe(2)
    clock.advance(6000)
    expect((await two.renew(fresh)).value).toBe('token 3')
  })

  it('keeps it sealed in Redis, and ignores what it cannot open', async () => {
    const { broker, fetched } = set()
    await broker().get()
    const kept = (await redis.get().get(key)) ?? ''
    expect(kept).not.toContain('token')
    expect(vault.open(kept)).toContain('token 1')
    expect(createVault('another secret of 32 characters ..', 'test').open(kept)).toBeNull()
    expect(vault.open('x')).toBeNull()
    await redis.get().set(key, 'garbage')
    expect((await broker().get()).value).toBe('token 2')
    expect(fetched()).toBe(2)
  })

  it('goes on without Redis, and after it was emptied', async () => {
    const alone = set({ shared: false })
    expect((await alone.broker().get()).value).toBe('token 1')
    const { broker, fetched } = set()
    const one = broker()
    await one.get()
    await redis.get().flushall()
    expect((await one.get()).value).toBe('token 1')
    expect((await broker().get()).value).toBe('token 2')
    expect(fetched()).toBe(2)
  })

  it('does not wait for ever for a holder of the lock that died', async () => {
    const { broker } = set()
    await redis.get().set(`${key}:lock`, 'dead', 'PX', 300)
    expect((await broker().get()).value).toBe('token 1')
  })

  it('a refused secret is not asked about again by whoever was about to take the lock', async () => {
    let asked = 0
    const fetch = () => {
      asked += 1
      return Promise.reject(new WecomError({ kind: 'config', path: '/cgi-bin/gettoken', errcode: 40001, hint: '' }))
    }
    const real = redis.get()
    const common = { name: 'token:test', fetch, vault, clock: movableClock(), log: quietLog, restMs }
    const first = () => createBroker({ ...common, redis: real }).get()
    const late = {
      get: (at: string) => real.get(at),
      set: async (at: string, value: string, px: 'PX', ms: number, nx?: 'NX') => {
        if (nx === undefined) return real.set(at, value, px, ms)
        await expect(first()).rejects.toMatchObject({ kind: 'config' })
        return real.set(at, value, px, ms, nx)
      },
      eval: (script: string, keys: number, ...args: string[]) => real.eval(script, keys, ...args),
    }
    await expect(createBroker({ ...common, redis: late }).get()).rejects.toMatchObject({ errcode: 40001 })
    expect(asked).toBe(1)
  })

  it('lets a failed fetch be tried again', async () => {
    const clock = movableClock()
    let tries = 0
    const broker = createBroker({
      name: 'token:test',
      redis: redis.get(),
      vault,
      clock,
      log: quietLog,
      restMs,
      fetch: () => {
        tries += 1
        return tries === 1 ? Promise.reject(new Error('no')) : Promise.resolve({ value: 'v', expiresInSeconds: 60 })
      },
    })
    await expect(broker.get()).rejects.toThrow('no')
    expect((await broker.get()).value).toBe('v')
  })
})
