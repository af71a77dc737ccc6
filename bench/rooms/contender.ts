/** One person of the load, the same for every server. */
export interface Person {
  /** Types one character and moves the caret behind it; the answer names the key wherever it arrives. */
  type(): string;
  /** Calls back with the name of each key that arrives from now on. */
  listen(heard: (key: string) => void): void;
  /** Only counts bytes from now on, for good. */
  doze(): void;
  stayAlive(): void;
  readonly isOpen: boolean;
  readonly bytes: number;
  leave(): void;
}

/** A server that runs, as the workloads see it. */
export interface Running {
  readonly pid: number;
  /** Makes a document and lets so many people in; each has everything that was there before. */
  gather(people: number): Promise<readonly Person[]>;
  stop(): Promise<void>;
}

/** One of the servers that are compared. */
export interface Contender {
  readonly name: 'officina' | 'hocuspocus' | 'y-websocket';
  start(): Promise<Running>;
}
