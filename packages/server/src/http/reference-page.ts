/** The part of an OpenAPI document that the reference page shows. */
export interface OpenApi {
  paths?: Record<string, Record<string, Operation> | undefined>;
}

interface Operation {
  summary?: string;
  description?: string;
  parameters?: readonly {
    name: string;
    in: string;
    required?: boolean;
    schema?: Schema;
    description?: string;
  }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses?: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

interface Schema {
  type?: string;
  format?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: readonly string[];
  items?: Schema;
  anyOf?: readonly Schema[];
  enum?: readonly unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  additionalProperties?: boolean | Schema;
  patternProperties?: Record<string, Schema>;
}

const INTRODUCTION = `# API reference

Made from the schemas of the server, which also make \`/openapi.json\`. How the calls belong together stands in
[Office Integrator](office-integrator.md), what a refusal means in [Errors](errors.md).
`;

/** A readable page of every call: what it takes and what it answers. */
export function renderReference(api: OpenApi): string {
  const calls = Object.entries(api.paths ?? {}).flatMap(([path, operations]) =>
    groupAliases(operations ?? {}).map(([methods, operation]) => renderCall(methods, path, operation)),
  );
  return [INTRODUCTION, ...calls].join('\n');
}

/** One call that several methods make is shown once. */
function groupAliases(operations: Record<string, Operation>): [string, Operation][] {
  const groups = new Map<string, [string, Operation]>();
  for (const [method, operation] of Object.entries(operations)) {
    const name = operation.summary ?? method;
    const known = groups.get(name);
    groups.set(name, [known ? `${known[0]}, ${method.toUpperCase()}` : method.toUpperCase(), operation]);
  }
  return [...groups.values()];
}

function renderCall(methods: string, path: string, operation: Operation): string {
  const body = firstSchema(operation.requestBody?.content);
  const answer = firstSchema(operation.responses?.['200']?.content);
  const rows = [
    ...(operation.parameters ?? []).map((one) =>
      row(one.name, `${typeOf(one.schema ?? {})}, ${one.in}`, one.description ?? one.schema?.description),
    ),
    ...Object.entries(body?.properties ?? {}).flatMap(([name, schema]) => rowsOf(name, schema)),
  ];
  return [
    `## ${operation.summary ?? path}\n`,
    `\`${methods} ${path}\`\n`,
    `${operation.description ?? ''}\n`,
    ...(rows.length > 0 ? ['| Parameter | Type | |\n| --- | --- | --- |', ...rows, ''] : []),
    '| Answer | Type | |\n| --- | --- | --- |',
    ...Object.entries(answer?.properties ?? {}).flatMap(([name, schema]) => rowsOf(name, schema)),
    '',
  ].join('\n');
}

function firstSchema(content: Record<string, { schema: Schema }> | undefined): Schema | undefined {
  return Object.values(content ?? {})[0]?.schema;
}

/** A row for the value and one for each key inside it, as deep as it goes. */
function rowsOf(name: string, schema: Schema): string[] {
  const inner = schema.type === 'array' ? (schema.items ?? {}) : schema;
  const own = row(name, typeOf(schema), schema.description);
  const prefix = schema.type === 'array' ? `${name}[]` : name;
  const keys = Object.entries(inner.properties ?? {});
  return [own, ...keys.flatMap(([key, value]) => rowsOf(`${prefix} → ${key}`, value))];
}

function row(name: string, type: string, description: string | undefined): string {
  return `| \`${name}\` | ${type} | ${(description ?? '').replaceAll('|', '\\|')} |`;
}

function typeOf(schema: Schema): string {
  if (schema.format === 'binary') return 'file';
  const values = schema.enum ?? constantsOf(schema);
  if (values) return values.map((value) => `\`${String(value)}\``).join(' \\| ');
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  const range = rangeOf(schema);
  if (schema.type === 'array') return 'list';
  return `${schema.type ?? 'any'}${range}`;
}

function constantsOf(schema: Schema): unknown[] | undefined {
  if (schema.const !== undefined) return [schema.const];
  const constants = schema.anyOf?.map((one) => one.const ?? one.enum?.[0]);
  return constants?.every((one) => one !== undefined) ? constants : undefined;
}

function rangeOf({ minimum, maximum }: Schema): string {
  if (minimum === undefined && maximum === undefined) return '';
  return `, ${minimum ?? ''}–${maximum ?? ''}`;
}
