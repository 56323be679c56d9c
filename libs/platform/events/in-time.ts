/** So long whoever asks how the process is may wait for an answer of the cluster. */
const IN_TIME_MS = 8_000;

/** The answer, or an error where it takes too long: kafkajs asks an unreachable cluster again and again first. */
export async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The cluster does not answer in time.')), IN_TIME_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
