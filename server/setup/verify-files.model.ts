import { Schema, type Connection } from 'mongoose'

/** A file that proves a domain to WeCom (域名校验文件), by its name. */
export type VerifyFileDoc = { _id: string; content: string; at: Date }

const schema = new Schema<VerifyFileDoc>(
  {
    _id: { type: String, required: true },
    content: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'verify_files', versionKey: false },
)

export const verifyFilesModel = (connection: Connection) => connection.model('VerifyFile', schema)
