/** join_scene of a member: 1 invited directly, 2 by a link, 3 by the group's code. */
export const sceneWord = (scene: number) => {
  if (scene === 1) return 'group.scenes.s1'
  if (scene === 2) return 'group.scenes.s2'
  return scene === 3 ? 'group.scenes.s3' : 'group.scenes.s0'
}
