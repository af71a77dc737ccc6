import { isValidXmlText } from '@docx-editor.dev/core/store';
import type { JsonValue } from './operation.js';

/** Whether a value out of somebody else's message is what it should be. Total: any JSON gets an answer. */
export type Rule = (value: JsonValue | undefined) => boolean;

type Json = { readonly [key: string]: JsonValue };

const TEXT_LIMIT = 65_536;
const LIST_LIMIT = 20_000;
/** Largest whole number any property of a document takes (ST_Coordinate fits, too). */
const NUMBER_LIMIT = 27_273_042_316_900;

const isObject = (value: JsonValue | undefined): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isAddress = (value: JsonValue | undefined): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 512;

const isIndex = (value: JsonValue | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

export const text: Rule = (value) =>
  typeof value === 'string' && value.length <= TEXT_LIMIT && isValidXmlText(value);
export const words: Rule = (value) => value !== '' && text(value);
export const flag: Rule = (value) => typeof value === 'boolean';
export const number: Rule = (value) =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= NUMBER_LIMIT;
export const bytes: Rule = (value) =>
  isObject(value) &&
  Object.keys(value).length === 1 &&
  (typeof value.$bytes === 'string' || (value.$bytes as unknown) instanceof Uint8Array);
export const node: Rule = (value) =>
  isObject(value) && Object.keys(value).length === 1 && isAddress(value.$node);
export const anchor: Rule = (value) =>
  Array.isArray(value) && value.length === 2 && isAddress(value[0]) && isIndex(value[1]);
export const range: Rule = (value) =>
  Array.isArray(value) &&
  value.length === 3 &&
  isAddress(value[0]) &&
  isIndex(value[1]) &&
  isIndex(value[2]) &&
  value[1] <= value[2];

/** A whole number no larger than this: what is made once for each (rows, columns) must stay countable. */
export const upTo =
  (most: number): Rule =>
  (value) =>
    isIndex(value) && value <= most;

export const oneOf =
  (...choices: readonly JsonValue[]): Rule =>
  (value) =>
    choices.includes(value as JsonValue);

export const either =
  (...rules: readonly Rule[]): Rule =>
  (value) =>
    rules.some((rule) => rule(value));

export const optional =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined || rule(value);

export const listOf =
  (rule: Rule, most = LIST_LIMIT): Rule =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every((each) => rule(each));

export const recordOf =
  (key: Rule, rule: Rule): Rule =>
  (value) =>
    isObject(value) && Object.entries(value).every(([name, each]) => key(name) && rule(each));

/** Exactly these fields: one too many is as wrong as one too few. */
export const fields =
  (rules: Readonly<Record<string, Rule>>): Rule =>
  (value) =>
    isObject(value) &&
    Object.keys(value).every((key) => Object.hasOwn(rules, key)) &&
    Object.entries(rules).every(([key, rule]) => rule(Object.hasOwn(value, key) ? value[key] : undefined));

export const nothing: Rule = (value) => value === null;
export const nodes = listOf(node);
export const ranges = listOf(range);

const xmlName: Rule = (value) => typeof value === 'string' && /^[A-Za-z_][\w.:-]{0,80}$/.test(value);
export const property = fields({ localName: xmlName, attributes: optional(recordOf(xmlName, text)) });
export const properties = listOf(property, 200);
export const delta = fields({ set: properties, remove: listOf(xmlName, 200) });
export const section = fields({ $section: upTo(10_000), $mark: either(nothing, isAddress) });

/** Names that mean something to every object of the language. */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
/** A tree of the core is about four levels of JSON for each of its own. */
const DEPTH_LIMIT = 400;

/** Plain JSON without reserved names, in bounded depth; and bytes, which no JSON from outside holds. */
export function isPlain(value: unknown, depth = 0): value is JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth > DEPTH_LIMIT) return false;
  if (value instanceof Uint8Array) return true;
  if (Array.isArray(value)) return value.every((each) => isPlain(each, depth + 1));
  return Object.entries(value).every(
    ([key, each]) => !RESERVED.has(key) && (each === undefined || isPlain(each, depth + 1)),
  );
}
