const width = 24;

export interface ProgressLine {
  show(done: number): void;
  end(): void;
}

/** One line that is written over, on a terminal; nothing at all where the output goes into a file. */
export const progressLine = (to: NodeJS.WriteStream, of: number): ProgressLine => {
  if (!to.isTTY || of === 0) return { show: () => {}, end: () => {} };
  let shown = -1;
  return {
    show(done) {
      const share = Math.floor((done / of) * 100);
      if (share === shown) return;
      shown = share;
      const full = Math.round((done / of) * width);
      to.write(`\r${'█'.repeat(full)}${'░'.repeat(width - full)} ${done}/${of}`);
    },
    end() {
      if (shown >= 0) to.write('\n');
    },
  };
};
