import { AppError, LIBRARY_FORMATS, LIBRARY_SORTS, LIBRARY_VIEWS } from '@officina/protocol';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

/** As the domain has them; a longer one is no slip of the hand. */
const Name = Type.String({ minLength: 1, maxLength: 1_000 });
const Tag = Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\s\\u0000-\\u001f\\u007f]+$' });
const oneOf = <T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(values.map((value) => Type.Literal(value))));

export const SignInBody = Type.Object({
  name: Type.String({ maxLength: 500 }),
  password: Type.String({ maxLength: 1_000 }),
});
export const PasswordBody = Type.Object({
  current: Type.String({ maxLength: 1_000 }),
  next: Type.String({ maxLength: 1_000 }),
});
export const ListQuery = Type.Object({
  view: oneOf(LIBRARY_VIEWS),
  tag: Type.Optional(Tag),
  search: Type.Optional(Type.String({ maxLength: 200 })),
  sort: Type.Optional(oneOf(LIBRARY_SORTS)),
  next: Type.Optional(Type.String({ maxLength: 4_000 })),
  limit: Type.Optional(Type.String({ pattern: '^\\d{1,3}$' })),
});
export const CreateBody = Type.Object({ name: Name });
export const RenameBody = Type.Object({ name: Name });
export const TagsBody = Type.Object({
  add: Type.Array(Tag, { maxItems: 50 }),
  remove: Type.Array(Tag, { maxItems: 50 }),
});
export const ShareBody = Type.Object({
  people: Type.Array(Type.String({ minLength: 1, maxLength: 400 }), { minItems: 1, maxItems: 100 }),
  canWrite: Type.Boolean(),
});
export const CancelBody = Type.Object({ email: Type.String({ minLength: 1, maxLength: 400 }) });
export const SharingBody = Type.Object({ isSharing: Type.Boolean() });
export const PublishBody = Type.Object({ isPublic: Type.Boolean() });
export const RestoreBody = Type.Object({ version: Type.String({ pattern: '^\\d{1,9}\\.\\d$' }) });
export const DownloadQuery = Type.Object({
  format: oneOf(LIBRARY_FORMATS),
  version: Type.Optional(Type.String({ pattern: '^\\d{1,9}\\.\\d$' })),
});

/** What was sent, as it was sent. Refuses by AppError: parameter_value_invalid, naming the field. */
export function readAs<T extends TSchema>(schema: T, value: unknown): Static<T> {
  const fault = Value.Errors(schema, value ?? {}).First();
  if (!fault) return value as Static<T>;
  const field = fault.path.slice(1) || 'The body';
  throw new AppError('parameter_value_invalid', `${field}: ${fault.message}.`, {
    blame: { parameter: field },
  });
}
