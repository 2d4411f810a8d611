export type MadeTag = { groupId: string; group: string; id: string; name: string; order: number }

/** Corp tags. All of it is safe to repeat; a name that is there already is the same tag. */
export type TagsSetup = {
  /**
   * Makes a tag in a group, by id or by name (made when missing). An existing one (40071) is read back and answered.
   * 40126: the corp has as many as it may.
   */
  addCorpTag: (tag: { group: string; groupId?: string; name: string; order?: number }) => Promise<MadeTag>
  /** A tag or a group by id. 40071 the name is taken, 40068 there is no such thing. `order`: the larger shows first. */
  editCorpTag: (change: { id: string; name?: string; order?: number }) => Promise<void>
  /** A tag, or a group with all its tags; done when it is gone already. */
  deleteCorpTag: (which: { tagId?: string; groupId?: string }) => Promise<void>
}
