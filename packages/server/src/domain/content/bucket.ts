/** Where blobs lie in an object store that speaks S3, and who may reach them there. */
export interface Bucket {
  /** Address of the bucket itself, without a slash at its end. */
  url: string;
  region: string;
  /** Before every name; empty, or ending with a slash. */
  prefix: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | null;
}
