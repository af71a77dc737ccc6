import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';

const KEYS = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
const bucketOf = (env: Record<string, string>) => readConfig(env, '/srv').blobBucket;

describe('where the files lie', () => {
  it('in the data folder, unless a bucket is named', () => {
    expect(bucketOf({})).toBeNull();
  });

  it('in a bucket of Amazon, by its own host name', () => {
    expect(bucketOf({ ...KEYS, OFFICINA_BLOBS: 's3://files/live/', AWS_REGION: 'eu-central-1' })).toEqual({
      url: 'https://files.s3.eu-central-1.amazonaws.com',
      region: 'eu-central-1',
      prefix: 'live/',
      accessKeyId: 'id',
      secretAccessKey: 'secret',
      sessionToken: null,
    });
  });

  it('in a bucket of another store, by its path', () => {
    const OFFICINA_BLOBS = 's3://files?endpoint=http://minio.internal:9000/&region=home';
    expect(bucketOf({ ...KEYS, OFFICINA_BLOBS })).toMatchObject({
      url: 'http://minio.internal:9000/files',
      region: 'home',
      prefix: '',
    });
  });

  it('nowhere else: what is wrong is named', () => {
    expect(() => bucketOf({ OFFICINA_BLOBS: 's3://files' })).toThrow('AWS_ACCESS_KEY_ID');
    expect(() => bucketOf({ ...KEYS, OFFICINA_BLOBS: 'gs://files' })).toThrow('s3://BUCKET');
    expect(() => bucketOf({ ...KEYS, OFFICINA_BLOBS: 's3://Files_1' })).toThrow('s3://BUCKET');
    expect(() => bucketOf({ ...KEYS, OFFICINA_BLOBS: 's3://files?endpoint=nowhere' })).toThrow('endpoint');
  });
});
