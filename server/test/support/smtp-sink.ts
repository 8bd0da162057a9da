import { createServer, type Server, type Socket } from 'node:net';

/** Says yes to everything. */
export const fine = (command: string) =>
  command === 'CONNECT' ? '220 sink' : command === 'DATA' ? '354 go' : command === 'QUIT' ? '221 bye' : '250 ok';

export type Sink = {
  port: number;
  connections: number;
  recipients: string[];
  /** Every text that came in whole, whether or not its sender was answered. */
  mails: string[];
  close(): Promise<void>;
};

/** A scripted SMTP server: `reply` answers each command line, and `.` for the end of the data; null closes the connection. */
export async function smtpSink(reply: (command: string) => string | null): Promise<Sink> {
  const sockets = new Set<Socket>();
  const sink: Sink = {
    port: 0,
    connections: 0,
    recipients: [],
    mails: [],
    close: () =>
      new Promise((resolve) => {
        for (const s of sockets) s.destroy();
        server.close(() => resolve());
      }),
  };
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    sink.connections += 1;
    let inData = false;
    let rest = '';
    let text: string[] = [];
    const say = (command: string, answer = reply(command)) => {
      if (answer === null) socket.destroy();
      else socket.write(`${answer}\r\n`);
    };
    socket.on('error', () => {});
    say('CONNECT');
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\r\n');
      rest = lines.pop()!;
      for (const line of lines) {
        if (inData && line !== '.') {
          text.push(line);
          continue;
        }
        if (inData) {
          inData = false;
          sink.mails.push(text.join('\r\n'));
          text = [];
          say('.');
        } else {
          const recipient = /^RCPT TO:<(.*?)>/i.exec(line)?.[1];
          if (recipient) sink.recipients.push(recipient);
          const command = line.split(' ')[0]!.toUpperCase();
          const answer = reply(command);
          if (command === 'DATA' && answer?.startsWith('3')) inData = true;
          say(command, answer);
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  sink.port = (server.address() as { port: number }).port;
  return sink;
}
