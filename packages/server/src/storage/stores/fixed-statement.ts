import { type Compilable, CompiledQuery } from 'kysely';

/**
 * A statement whose text is always the same, for what is written at every call: it is built once, because building it costs
 * more than running it. `sample` is the statement with any values, and `valuesOf` gives the values of another one in the
 * order in which they stand in it.
 */
export function fixedStatement<Input>(
  sample: () => Compilable,
  valuesOf: (input: Input) => readonly unknown[],
): (input: Input) => Compilable {
  let built: CompiledQuery | undefined;
  return (input) => ({
    compile() {
      built ??= sample().compile();
      const values = valuesOf(input);
      if (values.length !== built.parameters.length) {
        throw new Error(`The statement takes ${built.parameters.length} values, not ${values.length}.`);
      }
      return CompiledQuery.raw(built.sql, [...values]);
    },
  });
}
