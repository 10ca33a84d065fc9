import { createServer, type AddressInfo, type Server } from 'node:net';

/** One connection to the stranger: what it began with, or nothing when it only connected. */
export type Heard = { first: string; path: string; header: string };

/**
 * Whoever a letter may want to tell that it was read. It hears every connection, also one that says nothing or speaks
 * TLS, and answers whatever page it was given. Browsers of these tests take every name but that of Pennypost for it.
 */
export class Stranger {
  readonly heard: Heard[] = [];
  /** Pages that it serves under a path, with more header lines. */
  readonly pages = new Map<string, { body: string; header: string[] }>();

  private constructor(private readonly server: Server) {}

  static async listen(): Promise<Stranger> {
    const server = createServer();
    const stranger = new Stranger(server);
    server.on('connection', (socket) => {
      const heard: Heard = { first: '', path: '', header: '' };
      let told = false;
      // A request for one of its own pages is no secret told. What a connection says is known a little later.
      const tell = () => {
        if (!told && !stranger.pages.has(heard.path)) stranger.heard.push(heard);
        told = true;
      };
      socket.on('error', () => {});
      socket.on('close', tell);
      let text = '';
      socket.on('data', (piece) => {
        text += piece.toString('latin1');
        heard.first ||= text.split('\r\n')[0];
        heard.path = /^[A-Z]+ (\S+) HTTP/.exec(text)?.[1] ?? '';
        heard.header = text;
        if (!text.includes('\r\n\r\n') && heard.path) return;
        tell();
        const page = stranger.pages.get(heard.path) ?? { body: '', header: [] };
        const body = Buffer.from(page.body);
        const lines = ['HTTP/1.1 200 OK', 'Content-Type: text/html; charset=utf-8', `Content-Length: ${body.length}`];
        socket.write(['Connection: close', ...page.header].reduce((all, line) => [...all, line], lines).join('\r\n') + '\r\n\r\n');
        socket.end(body);
      });
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return stranger;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** What it heard since it was asked last, as words for a complaint. */
  takeHeard(): string[] {
    return this.heard.splice(0).map((heard) => `the stranger heard: ${printable(heard.first) || 'a connection'}`);
  }

  close() {
    this.server.close();
  }
}

/** The names in a first packet of TLS stand in the clear. */
function printable(first: string): string {
  return first.replace(/[^ -~]+/g, ' ').slice(0, 200);
}
