import { type Compilable, CompiledQuery } from 'kysely';
import { PREPARED } from '../prepared.js';

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

/** A value that a statement is built without. */
class Blank {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

type Build<Row> = (blank: <Value>(name: string) => Value) => Compilable<Row>;
type Fill<Row> = (values: Readonly<Record<string, unknown>>) => CompiledQuery<Row>;

/** A statement built once with blanks, which the compiler takes for values of their type, and filled in by name. */
export function statementWithBlanks<Row>(build: Build<Row>): Fill<Row> {
  return fillIn(build, '');
}

/** The same for what is asked at every call: PostgreSQL plans it once on each connection. */
export function preparedStatement<Row>(build: Build<Row>): Fill<Row> {
  return fillIn(build, PREPARED);
}

function fillIn<Row>(build: Build<Row>, ending: string): Fill<Row> {
  let built: CompiledQuery<Row> | undefined;
  return (values) => {
    if (!built) {
      const compiled = build(<Value>(name: string) => new Blank(name) as Value).compile();
      built = { ...compiled, sql: compiled.sql + ending };
    }
    const parameters = built.parameters.map((parameter) =>
      parameter instanceof Blank ? values[parameter.name] : parameter,
    );
    return { ...built, parameters };
  };
}
