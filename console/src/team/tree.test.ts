import { describe, expect, it } from 'vitest'
import { buildMember } from '../testing/fixtures.ts'
import { inTreeOrder, teamOf } from './tree.ts'

const departments = [
  { id: 1, name: '知音公司', parentId: 0 },
  { id: 4, name: '华北', parentId: 1 },
  { id: 2, name: '华东', parentId: 1 },
  { id: 3, name: '上海', parentId: 2 },
]

describe('the team by department', () => {
  it('stands in the order of the tree; a department whose parent is not seen is a top', () => {
    expect(inTreeOrder(departments).map(({ path }) => path.join('/'))).toEqual([
      '知音公司',
      '知音公司/华北',
      '知音公司/华东',
      '知音公司/华东/上海',
    ])
    expect(inTreeOrder(departments.slice(2)).map(({ id }) => id)).toEqual([2, 3])
    expect(inTreeOrder([{ id: 1, name: '自指', parentId: 1 }])).toHaveLength(1)
  })

  it('shows everybody once, leaders first, and those of no department at the end', () => {
    const groups = teamOf(
      [
        buildMember({ userid: 'a', departments: [3] }),
        buildMember({ userid: 'b', departments: [3, 4], leads: [3] }),
        buildMember({ userid: 'c', departments: [9] }),
        buildMember({ userid: 'd', departments: [4], active: false }),
      ],
      departments,
    )
    expect(groups.map(({ id, members }) => [id, members.map(({ userid }) => userid)])).toEqual([
      [3, ['b', 'a']],
      [0, ['c']],
    ])
  })
})
