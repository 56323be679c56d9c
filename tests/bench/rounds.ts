/** One of the ways that are compared; answers how many a second it did in this round. */
export type Side = () => Promise<number>;

export const ROUNDS = 5;

/** The middle one. */
export function median(values: readonly number[]): number {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new Error('Nothing was measured.');
  return middle;
}

export interface Compared {
  readonly ours: number;
  readonly raw: number;
  /** Median of the ratios of each round: both sides of a round met the same machine. */
  readonly ratio: number;
}

/** Runs both sides in turn, so that what disturbs the machine disturbs both. One round before is not counted. */
export async function compare(ours: Side, raw: Side): Promise<Compared> {
  const [mine, theirs, ratios]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    // Whoever is second may find a warmer machine: they take turns.
    const first = round % 2 === 0 ? await ours() : undefined;
    const b = await raw();
    const a = first ?? (await ours());
    if (round === 0) continue;
    mine.push(a);
    theirs.push(b);
    ratios.push(a / b);
  }
  return { ours: median(mine), raw: median(theirs), ratio: median(ratios) };
}

/** A line of the table in docs/benchmarks.md. */
export function row(what: string, { ours, raw, ratio }: Compared, aim: string): void {
  console.log(`| ${what} | ${Math.round(ours)} | ${Math.round(raw)} | ${ratio.toFixed(2)} | ${aim} |`);
}

export const TABLE_HEAD = '| what | ours, a second | raw, a second | ratio | aim |\n| :-- | --: | --: | --: | --: |';

/** How often the work was done a second, by `lanes` at once, for so long. */
export async function rate(lanes: number, forMs: number, work: () => Promise<unknown>): Promise<number> {
  const until = performance.now() + forMs;
  const began = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (performance.now() < until) {
        await work();
        done += 1;
      }
    }),
  );
  return (done * 1_000) / (performance.now() - began);
}

/** `count` a second of time that the work took. */
export async function speed(count: number, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (count * 1_000) / (performance.now() - began);
}
