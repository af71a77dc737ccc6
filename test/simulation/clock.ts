interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Virtual time: things happen in the order they are due, at once. */
export class Clock {
  private readonly heap: Due[] = [];
  private order = 0;
  now = 0;

  after(delay: number, run: () => void): void {
    const due = { at: this.now + delay, order: this.order++, run };
    const { heap } = this;
    heap.push(due);
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.before(i, parent)) break;
      this.swap(i, parent);
      i = parent;
    }
  }

  runAll(): void {
    for (let due = this.take(); due; due = this.take()) {
      this.now = due.at;
      due.run();
    }
  }

  iso(): string {
    return new Date(Date.UTC(2026, 0, 1) + Math.floor(this.now) * 1000).toISOString();
  }

  private take(): Due | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    heap[0] = last;
    for (let i = 0; ; ) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2])
        if (child < heap.length && this.before(child, least)) least = child;
      if (least === i) return first;
      this.swap(i, least);
      i = least;
    }
  }

  private before(a: number, b: number): boolean {
    const [left, right] = [this.heap[a] as Due, this.heap[b] as Due];
    return left.at < right.at || (left.at === right.at && left.order < right.order);
  }

  private swap(a: number, b: number): void {
    const { heap } = this;
    [heap[a], heap[b]] = [heap[b] as Due, heap[a] as Due];
  }
}
