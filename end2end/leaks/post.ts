import { readFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import { OtherClient } from '../other_client';
import type { Letter } from './vectors';

const PASSWORD = process.env.PENNYPOST_TEST_PASSWORD!;

/** Delivers letters to somebody, by SMTP unless a letter is too odd for it; gives which letter has which UID. */
export async function deliver(address: string, letters: Letter[]): Promise<Map<number, Letter>> {
  const smtp = await Smtp.signIn(address);
  for (const letter of letters.filter((letter) => !letter.append)) await smtp.send(address, letter.bytes);
  await smtp.close();
  const client = await OtherClient.signIn(address, PASSWORD);
  for (const letter of letters.filter((letter) => letter.append)) {
    await client.run('APPEND INBOX', letter.bytes);
  }
  // Postfix hands them on in its own time.
  for (;;) {
    const exists = Number(/\* (\d+) EXISTS/.exec(await client.run('EXAMINE INBOX'))?.[1] ?? 0);
    if (exists >= letters.length) break;
    await new Promise((wake) => setTimeout(wake, 200));
  }
  const found = await client.run('FETCH 1:* (UID BODY.PEEK[HEADER.FIELDS (X-LEAK)])');
  const known = new Map<number, Letter>();
  for (const [, uid, id] of found.matchAll(/UID (\d+) [\s\S]*?X-Leak: (\d+)/gi)) known.set(Number(uid), letters[Number(id)]);
  return known;
}

/** As little of SMTP (RFC 5321) as it takes. */
class Smtp {
  private text = '';
  private wake = () => {};

  private constructor(private readonly socket: TLSSocket) {
    socket.on('data', (piece) => {
      this.text += piece.toString('latin1');
      this.wake();
    });
  }

  static async signIn(address: string): Promise<Smtp> {
    const testbed = JSON.parse(readFileSync(process.env.PENNYPOST_TESTBED!, 'utf8'));
    const ca = readFileSync(testbed.ca_file);
    const smtp = new Smtp(connect({ host: '127.0.0.1', servername: testbed.host, port: testbed.submission, ca }));
    await smtp.answer('220');
    await smtp.ask('EHLO x.test', '250');
    await smtp.ask(`AUTH PLAIN ${Buffer.from(`\0${address}\0${PASSWORD}`).toString('base64')}`, '235');
    return smtp;
  }

  async send(address: string, message: Buffer) {
    await this.ask(`MAIL FROM:<${address}> BODY=8BITMIME`, '250');
    await this.ask(`RCPT TO:<${address}>`, '250');
    await this.ask('DATA', '354');
    const stuffed = message.toString('latin1').replace(/^\./gm, '..');
    this.socket.write(Buffer.from(`${stuffed}\r\n.\r\n`, 'latin1'));
    await this.answer('250');
  }

  async close() {
    await this.ask('QUIT', '221');
    this.socket.destroy();
  }

  private async ask(command: string, expected: string) {
    this.socket.write(`${command}\r\n`);
    await this.answer(expected);
  }

  private async answer(expected: string) {
    const whole = /^\d{3} .*\r\n/m;
    while (!whole.test(this.text)) await new Promise<void>((wake) => (this.wake = wake));
    const said = this.text;
    this.text = '';
    if (!new RegExp(`^${expected} `, 'm').test(said)) throw new Error(said);
  }
}
