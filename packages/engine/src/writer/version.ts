/** Version of the docx core that executes operations: a log is replayed by the version that it was written with. */
export const CORE_VERSION = '2.35.0';
