import type { TSchema } from '@sinclair/typebox';

/**
 * What a value should have been, in words that continue "expected": `true or false`, `a whole number from 0 to 100`. The
 * words are made of the schema that the reference shows; a `title` in it stands for what only a pattern says.
 */
export function expectationOf(schema: TSchema): string {
  if (typeof schema.title === 'string') return schema.title;
  if (Array.isArray(schema.anyOf)) return expectationOfAny(schema.anyOf);
  if (schema.const !== undefined) return String(schema.const);
  switch (schema.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${rangeOf(schema)}`;
    case 'number':
      return `a number${rangeOf(schema)}${stepOf(schema)}`;
    case 'string':
      return `a text${lengthOf(schema)}`;
    case 'object':
      return schema.maxProperties === undefined
        ? 'an object'
        : `an object with at most ${schema.maxProperties} keys`;
    default:
      return 'another value';
  }
}

/** Words of several kinds, each once: clients send booleans and numbers as texts too, and people need not read that. */
function expectationOfAny(options: readonly TSchema[]): string {
  const spelled = new Set(options.map((option) => String(option.const)));
  const isLiteral = options.every((option) => option.const !== undefined);
  if (isLiteral) return options.length === 1 ? [...spelled].join() : `one of ${[...spelled].join(', ')}`;
  const kinds = options.some((option) => option.type === 'boolean')
    ? options.filter((option) => option.const !== 'true' && option.const !== 'false')
    : options;
  return [...new Set(kinds.map(expectationOf))].join(' or ');
}

function rangeOf({ minimum, maximum }: TSchema): string {
  if (minimum === undefined && maximum === undefined) return '';
  if (maximum === undefined) return ` of at least ${minimum}`;
  return minimum === undefined ? ` of at most ${maximum}` : ` from ${minimum} to ${maximum}`;
}

function stepOf({ multipleOf }: TSchema): string {
  return multipleOf === undefined ? '' : ` in steps of ${multipleOf}`;
}

function lengthOf({ minLength = 0, maxLength }: TSchema): string {
  if (maxLength === undefined) return minLength > 0 ? ' that is not empty' : '';
  return minLength > 0
    ? ` of ${minLength} to ${maxLength} characters`
    : ` of at most ${maxLength} characters`;
}
