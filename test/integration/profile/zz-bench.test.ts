import { beforeAll, expect, it } from 'vitest'
import { movableClock } from '/work/main/test/support/clock.ts'
import { customerEngine } from '/work/main/test/support/customers.ts'
import { useMongo } from '/work/main/test/support/mongo.ts'
const mongo = useMongo()
it('bench', async () => {
  const clock = movableClock()
  const e = customerEngine(mongo.get(), clock)
  await mongo.indexes()
  const ids = await e.profile.ensureCustomers(Array.from({length:400},(_,i)=>[{kind:'user_id' as const,value:'b'+i}]))
  for (const round of [1,2,3]) {
    const t0=performance.now()
    await e.facts.append(ids.map((customerId,i)=>({id:`o${round}:${i}`,customerId,type:'order.completed' as const,at:clock.date(),source:'ingest' as const,payload:{orderId:`o${round}:${i}`,amount:1000*round,currency:'CNY',products:[]}})))
    const t1=performance.now()
    await e.deliver(ids)
    const t2=performance.now()
    console.log(round,'append',Math.round(t1-t0),'deliver',Math.round(t2-t1),'per s',Math.round(400/(t2-t1)*1000))
  }
}, 60000)
