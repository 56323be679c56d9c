import { GraphqlClient, type GraphqlAnswer } from '#libs/testing/client.js';

/** Five minutes: a slow machine that starts all processes at once takes more than one. */
const ATTEMPTS_MAX = 600;
const AGAIN_MS = 500;
/** Answers that say themselves that it is safe to send the request again. */
const PASSING: ReadonlySet<unknown> = new Set(['INTERNAL', 'TIMEOUT']);

/** A session that waits where the hub is away for a while, and asks again: each mutation has an idempotency key. Says that it does. */
export class PatientClient extends GraphqlClient {
  private session: Promise<GraphqlClient> | undefined;

  constructor(
    private readonly signIn: () => Promise<GraphqlClient>,
    private readonly say: (line: string) => void,
  ) {
    super();
  }

  override async send<Data>(
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
  ): Promise<GraphqlAnswer<Data>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const session = await (this.session ??= this.signIn());
        const answer = await session.send<Data>(query, variables);
        const code = answer.errors?.find(({ extensions }) => PASSING.has(extensions?.code))?.extensions?.code;
        if (code === undefined || attempt >= ATTEMPTS_MAX) return answer;
        this.say(`  The hub answered ${code}: asking again`);
      } catch (error) {
        this.session = undefined;
        if (attempt >= ATTEMPTS_MAX) throw error;
        if (attempt === 1) this.say('  The hub cannot be reached: asking again until it is back');
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
