import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer, feed } from './answers.js';
import { Journal, type Behaviour, type JobRecord, type UnemploymentRecord } from './records.js';

export interface StandInRegister {
  /** A register of this program: `http://127.0.0.1:<port>/<name>`. */
  url(name: string): string;
  readonly port: number;
  /** Questions and feed pages that arrived, those it failed on among them. */
  readonly asked: number;
  stop(): Promise<void>;
}

const BODY_BYTES_MAX = 16 * 1024 * 1024;
const OPPOSITE = { yes: 'no', no: 'yes', unknown: 'unknown' } as const;

/**
 * Employment registers for the demonstration and the tests, one a path: `/<register>/…`.
 *
 * `GET persons/<nationalId>/employment?question=&from=&to=&asOf=&employer=` → `{"answer": "yes" | "no" | "unknown"}`
 * `GET spells/changes?after=&asOf=&nationalId=` → `{"changes": […], "cursor": "…", "hasMore": false}`
 * `POST control/jobs`, `control/unemployment` → what employers and people told it; `control/behaviour` → slow, failing, wrong
 *
 * @param file where everything told is kept; started again on it, the registers know what they knew.
 */
export async function startStandInRegister(file: string, port = 0): Promise<StandInRegister> {
  const program = new Program(new Journal(file));
  const server = createServer((request, response) => {
    program.handle(request, response).catch((error: unknown) => {
      send(response, 500, { error: error instanceof Error ? error.message : String(error) });
    });
  });
  await listen(server, port);
  const actual = (server.address() as AddressInfo).port;
  return {
    url: (name) => `http://127.0.0.1:${String(actual)}/${name}`,
    port: actual,
    get asked() {
      return program.asked;
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

class Program {
  asked = 0;

  constructor(private readonly journal: Journal) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://register');
    const [register = '', ...path] = url.pathname.split('/').slice(1).map(decodeURIComponent);
    if (request.method === 'POST' && path[0] === 'control') {
      send(response, 200, this.control(register, path[1] ?? '', await bodyOf(request)));
      return;
    }
    if (request.method !== 'GET') {
      send(response, 405, { error: 'GET or POST.' });
      return;
    }
    this.asked += 1;
    const behaviour = this.behaviour(register);
    // Slow: the connection stays open and nothing is said; the caller has to give up.
    if (behaviour.mode === 'slow') return;
    if (behaviour.mode === 'failing') send(response, 503, { error: 'Out of order.' });
    else if (behaviour.mode === 'garbled') response.end('<html>Maintenance</html>');
    else this.read(register, path, url.searchParams, behaviour, response);
  }

  private read(
    register: string,
    path: readonly string[],
    query: URLSearchParams,
    behaviour: Behaviour,
    response: ServerResponse,
  ): void {
    const records = this.journal.of(register);
    const asOf = query.get('asOf') ?? '9999-12-31';
    if (path[0] === 'spells' && path[1] === 'changes') {
      send(
        response,
        200,
        feed(records, { after: query.get('after') ?? '', asOf, nationalId: query.get('nationalId') }),
      );
    } else if (path[0] === 'persons' && path[2] === 'employment') {
      const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
      const question = query.get('question') ?? '';
      const given = answer(records, {
        nationalId: path[1] ?? '',
        question,
        from,
        to,
        asOf,
        employer: query.get('employer'),
      });
      if (given === undefined) send(response, 422, { error: 'This register does not know the question.' });
      else if (behaviour.mode === 'unknown') send(response, 200, { answer: 'unknown' });
      else send(response, 200, { answer: behaviour.mode === 'wrong' ? OPPOSITE[given] : given });
    } else send(response, 404, { error: 'Not here.' });
  }

  private control(register: string, what: string, body: unknown): object {
    switch (what) {
      case 'jobs':
        return { added: this.journal.add(register, 'job', body as JobRecord[]) };
      case 'unemployment':
        return { added: this.journal.add(register, 'unemployment', body as UnemploymentRecord[]) };
      case 'behaviour':
        this.journal.behave(register, body as Behaviour);
        return {};
      default:
        throw new Error(`There is no control ${what}.`);
    }
  }

  /** The behaviour for this answer; one that lasts for some answers is used up. */
  private behaviour(register: string): Behaviour {
    const { behaviour } = this.journal.of(register);
    if (behaviour.mode === 'normal' || behaviour.answers === null) return behaviour;
    const left = behaviour.answers - 1;
    this.journal.behave(register, left > 0 ? { ...behaviour, answers: left } : { mode: 'normal', answers: null });
    return behaviour;
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error(`At most ${BODY_BYTES_MAX} bytes.`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
