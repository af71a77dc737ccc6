/** What a package from outside may cost before we refuse it. Every figure is checked before memory is spent on it. */
export interface PackageLimits {
  /** Size of the uploaded file itself. */
  readonly maxFileBytes: number;
  readonly maxEntries: number;
  /** Sum of the inflated sizes of all entries. */
  readonly maxInflatedBytes: number;
  readonly maxEntryBytes: number;
  /** Inflated ÷ compressed size of one entry; looked at only from `ratioFloorBytes` on. */
  readonly maxRatio: number;
  /** Small XML compresses extremely well without being an attack; below this size the ratio says nothing. */
  readonly ratioFloorBytes: number;
  readonly xml: XmlLimits;
}

export interface XmlLimits {
  /** Size of one XML part. Its tree costs some ten times as much memory. */
  readonly maxPartBytes: number;
  readonly maxDepth: number;
  /** Elements of one part. */
  readonly maxElements: number;
  /** Elements of all parts of a package together. */
  readonly maxTotalElements: number;
  /** Attributes of one element. */
  readonly maxAttributes: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_XML_LIMITS: XmlLimits = {
  maxPartBytes: 64 * MIB,
  // Word itself stays below 100; the core recurses per level, so the stack is the real limit.
  maxDepth: 256,
  maxElements: 1_500_000,
  maxTotalElements: 3_000_000,
  maxAttributes: 512,
};

/** Made for an upload limit of 100 MB: a document that holds a 50 MB picture is legitimate. */
export const DEFAULT_PACKAGE_LIMITS: PackageLimits = {
  maxFileBytes: 100 * MIB,
  maxEntries: 10_000,
  maxInflatedBytes: 512 * MIB,
  maxEntryBytes: 256 * MIB,
  maxRatio: 200,
  ratioFloorBytes: 8 * MIB,
  xml: DEFAULT_XML_LIMITS,
};
