const CODE_NAMES: Readonly<Record<number, string>> = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  16: 'InvalidLength',
  17: 'ProtocolError',
  18: 'AuthenticationFailed',
  20: 'IllegalOperation',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  68: 'IndexAlreadyExists',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  91: 'ShutdownInProgress',
  112: 'WriteConflict',
  115: 'CommandNotSupported',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  197: 'InvalidIndexSpecificationOption',
  225: 'TransactionTooOld',
  238: 'NotImplemented',
  244: 'TransactionAborted',
  246: 'SnapshotUnavailable',
  251: 'NoSuchTransaction',
  256: 'TransactionCommitted',
  263: 'OperationNotSupportedInTransaction',
  276: 'IndexBuildAborted',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
}

/**
 * An error in MongoDB's own terms. `code` decides `codeName`; `labels` become `errorLabels`; `extra` is merged into the reply
 * (for example keyPattern and keyValue of a duplicate key).
 */
export class MongoError extends Error {
  readonly code: number
  readonly labels: readonly string[]
  readonly extra: Readonly<Record<string, unknown>>

  constructor(
    code: number,
    message: string,
    labels: readonly string[] = [],
    extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(message)
    this.code = code
    this.labels = labels
    this.extra = extra
  }

  get codeName(): string {
    return CODE_NAMES[this.code] ?? `Location${this.code}`
  }
}

/** Throws a MongoError; an expression, so that it fits behind `??`. */
export function fail(code: number, message: string): never {
  throw new MongoError(code, message)
}

/** The error that tells a driver to run its whole transaction again. */
export function writeConflict(): MongoError {
  return new MongoError(
    112,
    'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
    ['TransientTransactionError'],
  )
}

/** Turns anything thrown into a MongoError; what is not ours becomes code 1 (or 2 when mingo refused an expression). */
export function asMongoError(cause: unknown): MongoError {
  if (cause instanceof MongoError) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  const refusedExpression = cause instanceof Error && cause.constructor.name === 'MingoError'
  return new MongoError(refusedExpression ? 2 : 1, message)
}
