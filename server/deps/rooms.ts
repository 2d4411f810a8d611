import type { Base } from './base.ts'
import type { Broadcasting } from './broadcasts.ts'
import type { Contacts } from './contacts.ts'
import type { Content } from './content.ts'
import type { Defined } from './defined.ts'
import type { GroupRooms } from './groups.ts'
import type { Intake } from './intake.ts'
import type { Measuring } from './measure.ts'
import type { Staff } from './members.ts'
import type { PrivacyRoom } from './privacy.ts'
import type { Customers } from './profile.ts'
import type { Reads } from './reads.ts'
import type { RuleRooms } from './rules.ts'
import type { Sending } from './sending.ts'
import type { Settings } from './settings.ts'
import type { Setup } from './setup.ts'
import type { Tagging } from './tags.ts'

/** Every store and room of the process, by name. */
export interface Rooms
  extends
    Base,
    Reads,
    Measuring,
    Settings,
    Content,
    Sending,
    Customers,
    GroupRooms,
    RuleRooms,
    Broadcasting,
    Defined,
    Tagging,
    Staff,
    Contacts,
    Intake,
    PrivacyRoom,
    Setup {}

/** For what a room asks of one made after it; only inside functions that run once every room stands. */
export type Later = () => Rooms
