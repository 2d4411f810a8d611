export type WecomMember = {
  userid: string
  name: string
  departments: number[]
  /** Departments of `departments` in which the member is a leader (is_leader_in_dept). */
  leads: number[]
  /** Userids of whom the member reports to (direct_leader); missing where WeCom does not say. */
  directLeaders?: string[]
  position?: string
  avatar?: string
  /** 1 active, 2 disabled, 4 not activated, 5 left; missing where the app may not see it. */
  status?: number
}

export type WecomDepartment = {
  id: number
  name: string
  /** 0 for the company itself. */
  parentId: number
  /** The greater, the higher it stands among its neighbours. */
  order: number
  /** Userids of its leaders (department_leader). */
  leaders: string[]
}

/** Why a member could not be read: WeCom does not know the userid, or the app may not see them. */
export type MemberAbsence = 'unknown' | 'out_of_range'

/** The address book (通讯录), as far as the self-built app may see it. Rejects with WecomError. */
export type MembersRead = {
  /** The member, or why there is none for us. */
  findUser: (userid: string) => Promise<WecomMember | MemberAbsence>
  /** Null when unknown or outside the app's range. */
  getUser: (userid: string) => Promise<WecomMember | null>
  listUsers: (departmentId: number, options?: { children?: boolean }) => Promise<WecomMember[]>
  departments: () => Promise<WecomDepartment[]>
  /** Null when there is no such department, or the app may not see it. */
  department: (id: number) => Promise<WecomDepartment | null>
}
