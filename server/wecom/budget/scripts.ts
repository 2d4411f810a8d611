import { FIRST_BLOCK_MS, LEASE_MS, LONGEST_BLOCK_MS, PLACE_AGAIN_MS, SKEW_MS, WIDEN_MS } from './ledger.ts'

/*
 * The shared ledger is one hash a corp; each script is one round trip, the time is given.
 *   t:<scope>:<unit>  when the limit would be all free again, ms (GCRA)
 *   b:<at>            until : how long : until when a probe is awaited
 *   p:<group>         places left after 45033 : since when
 *   s:<group>         lane : places held : places wanted : lease, for each lane, ";" between
 *   c:<path>          minute : calls in it : calls in the one before
 * Clocks of processes differ a little (SKEW_MS). A time further away than that allows was written before the clock went back; it does not count.
 */
const head = `
local key, now = KEYS[1], tonumber(ARGV[1])
local function get(field) return redis.call('hget', key, field) or '' end
local function put(field, value) redis.call('hset', key, field, value) end
local function numbers(text) local all = {} for n in text:gmatch('%d+') do all[#all + 1] = tonumber(n) end return all end
local function places(group, most)
  local narrowed = numbers(get('p:' .. group))
  if #narrowed < 2 then return most end
  return math.max(1, math.min(most, narrowed[1] + math.floor((now - narrowed[2]) / ${WIDEN_MS})))
end
`

/**
 * ARGV: now, lane, at, group, path, calls, back, slots, running, probeMs, leaves, most places, keeps, then field, burst, step of each limit.
 * Answers state (0 granted, 1 blocked, 2 rate, 3 place), calls, places, wait in ms, places there are, 1 for a probe.
 */
export const takeScript = `${head}
local lane, at, group, path = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local calls, back, slots, running = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local probe_ms, leaves, most, keeps = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12]), tonumber(ARGV[13])
local state, wait, probe = 0, 0, 0
redis.call('pexpire', key, 40 * 86400000)

local block = numbers(get('b:' .. at))
if #block == 3 and calls > 0 then
  if block[1] > now and block[1] - now <= block[2] + ${SKEW_MS} then state, wait = 1, block[1] - now
  elseif block[3] > now and block[3] - now <= 120000 + ${SKEW_MS} then state, wait = 3, ${PLACE_AGAIN_MS}
  else probe, calls, slots = 1, 1, running + 1 end
end

local limits = {}
for i = 14, #ARGV, 3 do
  local field, burst, step = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  local free_at = tonumber(get(field)) or now
  if free_at > now + burst * step + ${SKEW_MS} then free_at = now end
  free_at = math.max(now, math.min(free_at, now + burst * step) - back * step)
  local free = burst - (free_at - now) / step - math.min(leaves * burst, math.max(0, burst - 1))
  if state == 0 and calls > 0 and free < 0.999 then
    state = 2
  end
  if state == 2 then wait = math.max(wait, math.ceil((1 - free) * step)) end
  limits[#limits + 1] = { field, free_at, step, math.max(0, math.floor(free + 0.001)) }
end
if state == 0 then for _, limit in ipairs(limits) do calls = math.min(calls, limit[4]) end else calls = 0 end

local there = places(group, most)
local others, kept = 0, {}
local lanes, hungry = 1, {}
for who, held, wanted, till in get('s:' .. group):gmatch('([^:;]+):(%d+):(%d+):(%d+)') do
  held, wanted, till = tonumber(held), tonumber(wanted), tonumber(till)
  if who ~= lane and till > now and till - now <= ${LEASE_MS + SKEW_MS} then
    others, lanes = others + held, lanes + 1
    kept[#kept + 1] = who .. ':' .. held .. ':' .. wanted .. ':' .. till
    hungry[#hungry + 1] = { held, wanted }
  end
end
local fair, room = math.max(1, math.floor(there / lanes)), there - others
for _, other in ipairs(hungry) do if other[1] < math.min(other[2], fair) then room = math.min(room, fair) break end end
if there > keeps + 1 then room = math.min(room, there - keeps - others) end
local held = math.max(running, math.min(slots, room))
if state ~= 0 then held = running
elseif calls > 0 and held <= running then state, wait, calls, held = 3, ${PLACE_AGAIN_MS}, 0, running end
if held > 0 or slots > 0 then
  kept[#kept + 1] = lane .. ':' .. held .. ':' .. slots .. ':' .. (now + (held > 0 and ${LEASE_MS} or 1000))
end
if #kept > 0 then put('s:' .. group, table.concat(kept, ';')) else redis.call('hdel', key, 's:' .. group) end

for _, limit in ipairs(limits) do put(limit[1], string.format('%.3f', limit[2] + calls * limit[3])) end
if probe == 1 and calls == 1 then put('b:' .. at, string.format('%d:%d:%d', block[1], block[2], now + probe_ms)) else probe = 0 end
if calls ~= back then
  local count, minute = numbers(get('c:' .. path)), math.floor(now / 60000)
  local before, this = 0, 0
  if count[1] == minute then this, before = count[2], count[3] elseif count[1] == minute - 1 then before = count[2] end
  put('c:' .. path, string.format('%d:%d:%d', minute, math.max(0, this + calls - back), before))
end
return { state, calls, held, wait, there, probe }
`

/** ARGV: now, at, then field, burst, step, window in ms of each limit. Answers for how long; a block that holds already is not made longer. */
export const blockScript = `${head}
local field = 'b:' .. ARGV[2]
local block = numbers(get(field))
local ms = ${FIRST_BLOCK_MS}
if #block == 3 then
  if block[1] > now and block[1] - now <= block[2] + ${SKEW_MS} then return block[1] - now end
  ms = math.min(block[2] * 2, ${LONGEST_BLOCK_MS})
end
for i = 3, #ARGV, 4 do
  local burst, step = tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  local used = ((tonumber(get(ARGV[i])) or now) - now) / step
  if used > burst * 0.95 then ms = math.max(ms, tonumber(ARGV[i + 3])) end
end
put(field, string.format('%d:%d:0', now + ms, ms))
return ms
`

/** ARGV: now, at. A call that was on its way when the block came does not end it. */
export const passScript = `${head}
local block = numbers(get('b:' .. ARGV[2]))
if #block == 3 and block[1] <= now then redis.call('hdel', key, 'b:' .. ARGV[2]) end
return 0
`

/** ARGV: now, group, most places. Several 45033 within a second are one. */
export const narrowScript = `${head}
local group = ARGV[2]
local narrowed, there = numbers(get('p:' .. group)), places(group, tonumber(ARGV[3]))
if #narrowed == 2 and now - narrowed[2] < 1000 then return there end
there = math.max(1, math.floor(there / 2))
put('p:' .. group, string.format('%d:%d', there, now))
return there
`

/** The whole hash: field, value, field, value. */
export const readScript = `return redis.call('hgetall', KEYS[1])`
