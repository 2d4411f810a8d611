/** Every WeCom API the product calls, by the sections of apis.md. */
export * from './identity.ts'
export * from './members.ts'
export * from './customers.ts'
export * from './contact-ways.ts'
export * from './groups.ts'
export * from './tags.ts'
export * from './messages.ts'
export * from './app.ts'
