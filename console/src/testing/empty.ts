import { z } from 'zod'

/** As much of JSON schema as the answers of the API are made of. */
type Shape = {
  readonly $ref?: string | undefined
  readonly anyOf?: readonly Shape[] | undefined
  readonly oneOf?: readonly Shape[] | undefined
  readonly allOf?: readonly Shape[] | undefined
  readonly const?: unknown
  readonly enum?: readonly unknown[] | undefined
  readonly type?: string | undefined
  readonly properties?: Readonly<Record<string, Shape>> | undefined
  readonly required?: readonly string[] | undefined
  readonly items?: Shape | boolean | undefined
  readonly prefixItems?: readonly Shape[] | undefined
  readonly minItems?: number | undefined
  readonly minLength?: number | undefined
  readonly minimum?: number | undefined
  readonly format?: string | undefined
  readonly $defs?: Readonly<Record<string, Shape>> | undefined
}
const Shape: z.ZodType<Shape> = z.lazy(() =>
  z.looseObject({
    $ref: z.string().optional(),
    anyOf: z.array(Shape).optional(),
    oneOf: z.array(Shape).optional(),
    allOf: z.array(Shape).optional(),
    enum: z.array(z.unknown()).optional(),
    type: z.string().optional(),
    properties: z.record(z.string(), Shape).optional(),
    required: z.array(z.string()).optional(),
    items: z.union([Shape, z.boolean()]).optional(),
    prefixItems: z.array(Shape).optional(),
    minItems: z.number().optional(),
    minLength: z.number().optional(),
    minimum: z.number().optional(),
    format: z.string().optional(),
    $defs: z.record(z.string(), Shape).optional(),
  }),
)

const text = ({ format, minLength = 0 }: Shape): string => {
  if (format === 'date-time') return '2026-11-23T06:00:00.000Z'
  if (format === 'date') return '2026-11-23'
  if (format === 'uri') return 'https://example.com/'
  return 'x'.repeat(Math.max(1, minLength))
}

/** The least answer an endpoint may give: empty lists, null where that may be, names of one letter, nothing that may be left out, the first of a choice. */
export const emptyOf = (schema: z.ZodType): unknown => {
  const root = Shape.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  const made = (shape: Shape): unknown => {
    if (shape.$ref === '#') return made(root)
    if (shape.$ref !== undefined) return made(root.$defs?.[shape.$ref.replace('#/$defs/', '')] ?? {})
    const choices = shape.anyOf ?? shape.oneOf
    if (choices !== undefined) return made(choices.find(({ type }) => type === 'null') ?? choices[0] ?? {})
    if (shape.allOf !== undefined) return Object.assign({}, ...shape.allOf.map(made))
    if (Object.hasOwn(shape, 'const')) return shape.const
    if (shape.enum !== undefined) return shape.enum[0]
    switch (shape.type) {
      case 'object':
        return Object.fromEntries((shape.required ?? []).map((key) => [key, made(shape.properties?.[key] ?? {})]))
      case 'array': {
        const of = typeof shape.items === 'object' ? shape.items : {}
        return shape.prefixItems?.map(made) ?? Array.from({ length: shape.minItems ?? 0 }, () => made(of))
      }
      case 'integer':
      case 'number':
        return Math.max(0, shape.minimum ?? 0)
      case 'boolean':
        return false
      case 'string':
        return text(shape)
      default:
        return null
    }
  }
  return made(root)
}
