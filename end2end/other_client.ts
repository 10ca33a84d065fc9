import { readFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';

type Testbed = { host: string; imap: number; ca_file: string };

/** Another mail client of the same person: what it does must show on open pages. */
export class OtherClient {
  private text = '';
  private tag = 0;
  private wake = () => {};

  private constructor(private readonly socket: TLSSocket) {
    socket.setEncoding('latin1');
    socket.on('data', (piece: string) => {
      this.text += piece;
      this.wake();
    });
  }

  static async signIn(address: string, password: string): Promise<OtherClient> {
    const testbed: Testbed = JSON.parse(readFileSync(process.env.PENNYPOST_TESTBED!, 'utf8'));
    const socket = connect({
      host: '127.0.0.1',
      servername: testbed.host,
      port: testbed.imap,
      ca: readFileSync(testbed.ca_file),
    });
    const client = new OtherClient(socket);
    await client.until(/^\* OK .*\r\n/m);
    await client.run(`LOGIN "${address}" "${password}"`);
    return client;
  }

  /** Runs a command and gives what came back; the literal follows the line. */
  async run(command: string, literal?: string | Buffer): Promise<string> {
    const tag = `t${++this.tag}`;
    this.text = '';
    const bytes = Buffer.from(literal ?? '');
    const announced = literal === undefined ? '' : ` {${bytes.length}+}\r\n`;
    this.socket.write(Buffer.concat([Buffer.from(`${tag} ${command}${announced}`), bytes, Buffer.from('\r\n')]));
    await this.until(new RegExp(`^${tag} `, 'm'));
    if (!new RegExp(`^${tag} OK`, 'm').test(this.text)) throw new Error(this.text);
    return this.text;
  }

  async append(subject: string, flags = '', mailbox = 'INBOX'): Promise<void> {
    const mail = `From: Otto Other <otto@demo.test>\r\nSubject: ${subject}\r\n\r\nHello.\r\n`;
    await this.run(`APPEND ${mailbox} (${flags})`, mail);
  }

  private async until(what: RegExp): Promise<void> {
    while (!what.test(this.text)) await new Promise<void>((wake) => (this.wake = wake));
  }
}
