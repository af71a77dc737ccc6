import { AppError } from '@officina/protocol';
import type { Static, TSchema } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import { type ValueError, ValueErrorType } from '@sinclair/typebox/errors';
import { expectationOf } from './expectation.js';

/** A parameter whose text is a JSON object. */
export interface ObjectParameter<T extends TSchema> {
  name: string;
  schema: T;
  check: TypeCheck<T>;
}

export function objectParameter<T extends TSchema>(name: string, schema: T): ObjectParameter<T> {
  return { name, schema, check: TypeCompiler.Compile(schema) };
}

/**
 * Reads the parameter's object as it was sent: nothing is converted and nothing dropped, because the codes depend on
 * the raw values. Undefined when it was not sent. Refuses by AppError, naming parameter and key:
 * parameter_value_invalid, parameter_name_invalid, parameter_missing.
 */
export function readObject<T extends TSchema>(
  parameter: ObjectParameter<T>,
  texts: ReadonlyMap<string, string>,
): Static<T> | undefined {
  const text = texts.get(parameter.name)?.trim();
  if (text === undefined || text === '') return undefined;
  const value = parseStrictly(parameter.name, text);
  refuseUnstorable(parameter.name, value, []);
  const fault = parameter.check.Errors(value).First();
  if (fault) throw refusalOf(parameter.name, fault);
  return value as Static<T>;
}

/** A parameter that is a plain text; undefined when it was not sent or is empty. */
export function readText(
  name: string,
  texts: ReadonlyMap<string, string>,
  maxLength: number,
): string | undefined {
  const text = texts.get(name);
  if (text === undefined || text === '') return undefined;
  if (text.length > maxLength)
    throw invalid(name, undefined, `"${name}" is longer than ${maxLength} characters.`);
  refuseUnstorable(name, text, []);
  return text;
}

function parseStrictly(parameter: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const hint = /^\{\s*['\w]/.test(text) ? ' Keys and texts must stand in double quotes.' : '';
    const reason = error instanceof Error ? error.message : 'it cannot be read';
    throw invalid(parameter, undefined, `"${parameter}" is not valid JSON: ${reason.slice(0, 200)}.${hint}`);
  }
}

/** Half characters and NUL can be neither stored nor put into a URL. Deep nesting is nobody's honest value. */
function refuseUnstorable(parameter: string, value: unknown, path: readonly string[]): void {
  const key = path.length > 0 ? path.join('.') : undefined;
  if (path.length > 4) throw invalid(parameter, key?.slice(0, 200), 'The value is nested too deeply.');
  if (typeof value === 'string') {
    if (isUnstorable(value)) throw invalid(parameter, key, 'The text holds a character that is not allowed.');
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (isUnstorable(name))
      throw invalid(parameter, undefined, 'A key holds a character that is not allowed.');
    refuseUnstorable(parameter, inner, [...path, name]);
  }
}

function isUnstorable(text: string): boolean {
  return text.includes('\0') || /\p{Surrogate}/u.test(text);
}

function refusalOf(parameter: string, fault: ValueError): AppError {
  const key = keyOf(fault.path);
  const blame = key === undefined ? { parameter } : { parameter, key };
  const subject = key === undefined ? `"${parameter}"` : `"${key}" in ${parameter}`;
  switch (fault.type) {
    case ValueErrorType.ObjectAdditionalProperties:
      return new AppError('parameter_name_invalid', `There is no key ${subject}.`, { blame });
    case ValueErrorType.ObjectRequiredProperty:
      return new AppError('parameter_missing', `${subject} is missing.`, { blame });
    default:
      return new AppError('parameter_value_invalid', `${subject}: expected ${expectationOf(fault.schema)}.`, {
        blame,
      });
  }
}

/** `/margin/left` as `margin.left`; a JSON pointer escapes `/` and `~`. */
function keyOf(path: string): string | undefined {
  if (path === '') return undefined;
  const parts = path.slice(1).split('/');
  const key = parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).join('.');
  return key.length > 200 ? `${key.slice(0, 200)}…` : key;
}

export function invalid(parameter: string, key: string | undefined, message: string): AppError {
  return new AppError('parameter_value_invalid', message, {
    blame: key === undefined ? { parameter } : { parameter, key },
  });
}
