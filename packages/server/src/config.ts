import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { PERMISSION_KEYS, type Permissions } from '@officina/protocol';
import type { Bucket } from './domain/content/bucket.js';

/** Everything that the environment decides; nothing else reads the environment. */
export interface Config {
  host: string;
  port: number;
  /** Absolute URL without trailing slash, or null: then the request's own host is used. */
  publicUrl: string | null;
  /** Addresses or CIDR ranges whose `X-Forwarded-*` headers are believed. */
  trustedProxies: readonly string[];
  /** Absolute path of the data folder. */
  dataFolder: string;
  /** `postgres://…`, or null for SQLite in the data folder. */
  databaseUrl: string | null;
  /** Null for files in the data folder. */
  blobBucket: Bucket | null;
  apiKey: string | null;
  adminPassword: string | null;
  sessionMs: number;
  sessionMaxMs: number;
  recoveryMs: number;
  /** How long a save is sent again before it is parked. */
  deliveryMs: number;
  /** How long settled saves, and so versions, are kept. */
  versionMs: number;
  /** How densely, and for how long, states between saves are kept; every 0 for none. */
  states: { everyMs: number; keepMs: number; mostBytes: number };
  egressAllow: readonly string[];
  sofficePath: string | null;
  /** Where programs are looked for, as the shell does. */
  programPath: string;
  /** LibreOffices at one time; each starts with the first file that needs it. */
  officeWorkers: number;
  /** A LibreOffice without work is ended after this. */
  officeIdleMs: number;
  maxUploadBytes: number;
  /** What keys that a `permissions` object leaves out mean, where it differs from the documented column. */
  partialPermissions: Partial<Permissions>;
  /** People may open accounts themselves. */
  signUp: boolean;
  /** Of one archive of an account that the library's page takes in. */
  maxArchiveBytes: number;
  dataApi: {
    /** `/login` by GET, which puts the password into addresses. */
    allowsLoginByGet: boolean;
    /** Real HTTP statuses on every refusal of the Data API, not on downloads only. */
    hasRealStatuses: boolean;
    /** The code for a ticket that does not hold. */
    ticketErrorCode: number;
  };
  logLevel: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MEGABYTE = 1024 * 1024;

/** Reads the configuration; throws a plain Error that names the variable and what it should be. */
export function readConfig(env: Readonly<Record<string, string | undefined>>, cwd: string): Config {
  const sessionHours = readNumber(env, 'OFFICINA_SESSION_HOURS', 6);
  return {
    host: env.HOST || '127.0.0.1',
    port: readPort(env),
    publicUrl: readPublicUrl(env),
    trustedProxies: readList(env.OFFICINA_TRUSTED_PROXIES),
    dataFolder: resolve(cwd, env.OFFICINA_DATA || './data'),
    databaseUrl: env.DATABASE_URL || null,
    blobBucket: readBucket(env),
    apiKey: env.OFFICINA_API_KEY || null,
    adminPassword: env.OFFICINA_ADMIN_PASSWORD || null,
    sessionMs: sessionHours * HOUR_MS,
    sessionMaxMs: Math.max(sessionHours, readNumber(env, 'OFFICINA_SESSION_MAX_HOURS', 24)) * HOUR_MS,
    recoveryMs: readNumber(env, 'OFFICINA_RECOVERY_DAYS', 7, 0) * DAY_MS,
    deliveryMs: readNumber(env, 'OFFICINA_DELIVERY_HOURS', 72) * HOUR_MS,
    versionMs: readNumber(env, 'OFFICINA_VERSION_DAYS', 30) * DAY_MS,
    states: {
      everyMs: readNumber(env, 'OFFICINA_STATE_MINUTES', 10, 0) * MINUTE_MS,
      keepMs: readNumber(env, 'OFFICINA_STATE_DAYS', 7) * DAY_MS,
      mostBytes: readNumber(env, 'OFFICINA_STATE_MB', 256, 0) * MEGABYTE,
    },
    egressAllow: readList(env.OFFICINA_EGRESS_ALLOW),
    sofficePath: env.OFFICINA_SOFFICE || null,
    programPath: env.PATH ?? '',
    officeWorkers: readNumber(env, 'OFFICINA_SOFFICE_WORKERS', availableParallelism()),
    officeIdleMs: readNumber(env, 'OFFICINA_SOFFICE_IDLE_MINUTES', 10) * MINUTE_MS,
    maxUploadBytes: readNumber(env, 'OFFICINA_MAX_UPLOAD_MB', 100) * MEGABYTE,
    partialPermissions: readPermissions(env.OFFICINA_PARTIAL_PERMISSIONS),
    signUp: readSwitch(env, 'OFFICINA_SIGN_UP', false),
    maxArchiveBytes: readNumber(env, 'OFFICINA_MAX_ARCHIVE_MB', 4096) * MEGABYTE,
    dataApi: {
      allowsLoginByGet: readSwitch(env, 'OFFICINA_LOGIN_BY_GET', true),
      hasRealStatuses: readSwitch(env, 'OFFICINA_DATA_API_REAL_STATUS', false),
      ticketErrorCode: readNumber(env, 'OFFICINA_TICKET_ERROR_CODE', 1401),
    },
    logLevel: env.OFFICINA_LOG_LEVEL || 'info',
  };
}

function readPort(env: Readonly<Record<string, string | undefined>>): number {
  const port = readNumber(env, 'PORT', 8080, 0);
  if (!Number.isInteger(port) || port > 65_535)
    throw new Error(`PORT must be a whole number from 0 to 65535, not "${env.PORT}".`);
  return port;
}

function readPublicUrl(env: Readonly<Record<string, string | undefined>>): string | null {
  const text = env.OFFICINA_PUBLIC_URL;
  if (!text) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error(`OFFICINA_PUBLIC_URL must be an absolute http or https URL, not "${text}".`);
  }
  return url.href.replace(/\/+$/, '');
}

/** `least` is exclusive unless it is given: a time limit of 0 would end everything at once. */
function readNumber(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  fallback: number,
  least?: number,
): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isFinite(value) || (least === undefined ? value <= 0 : value < least)) {
    throw new Error(
      `${name} must be a number ${least === undefined ? 'above 0' : `of at least ${least}`}, not "${text}".`,
    );
  }
  return value;
}

function readSwitch(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  fallback: boolean,
): boolean {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  if (text !== 'on' && text !== 'off') throw new Error(`${name} must be on or off, not "${text}".`);
  return text === 'on';
}

function readList(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Reads `document.edit=true,review.comment=false`. */
function readPermissions(text: string | undefined): Partial<Permissions> {
  return Object.fromEntries(
    readList(text).map((entry) => {
      const [key, value] = entry.split('=').map((part) => part.trim());
      const known = PERMISSION_KEYS.find((name) => name === key);
      if (!known || (value !== 'true' && value !== 'false')) {
        throw new Error(
          `OFFICINA_PARTIAL_PERMISSIONS: "${entry}" is not one of ${PERMISSION_KEYS.join(', ')} with =true or =false.`,
        );
      }
      return [known, value === 'true'];
    }),
  );
}

const BUCKET_FORM = 's3://BUCKET, s3://BUCKET/FOLDER or s3://BUCKET?endpoint=http://HOST:9000';
/** Rules of S3 for names of buckets: nothing in them needs an escape in an address. */
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * Reads `OFFICINA_BLOBS` with the variables that every S3 client knows (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
 * `AWS_SESSION_TOKEN`, `AWS_REGION`, `AWS_ENDPOINT_URL_S3`). Null when it is not set; throws a plain Error that names
 * the variable at fault. https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
function readBucket(env: Readonly<Record<string, string | undefined>>): Bucket | null {
  const text = env.OFFICINA_BLOBS;
  if (!text) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 's3:' || !BUCKET_NAME.test(url.hostname))
    throw new Error(`OFFICINA_BLOBS must be ${BUCKET_FORM}, not "${text}".`);
  const folder = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  if (!/^[\w./-]*$/.test(folder))
    throw new Error(`OFFICINA_BLOBS: the folder may have letters, digits and ._-/ only, not "${folder}".`);
  const region = url.searchParams.get('region') || env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1';
  const endpoint = url.searchParams.get('endpoint') || env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL;
  return {
    url: endpoint ? `${readEndpoint(endpoint)}/${url.hostname}` : amazon(url.hostname, region),
    region,
    prefix: folder === '' ? '' : `${folder}/`,
    accessKeyId: required(env, 'AWS_ACCESS_KEY_ID'),
    secretAccessKey: required(env, 'AWS_SECRET_ACCESS_KEY'),
    sessionToken: env.AWS_SESSION_TOKEN || null,
  };
}

/** A name with a dot has no certificate as a host name. */
function amazon(bucket: string, region: string): string {
  const host = `s3.${region}.amazonaws.com`;
  return bucket.includes('.') ? `https://${host}/${bucket}` : `https://${bucket}.${host}`;
}

function readEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new Error(`OFFICINA_BLOBS: the endpoint must be an absolute http or https URL, not "${text}".`);
  return url.href.replace(/\/+$/, '');
}

function required(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`OFFICINA_BLOBS needs ${name}.`);
  return value;
}
