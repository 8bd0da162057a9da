import { createServer } from 'node:net';

/** The bare SMTP sink both sides send to: takes everything, keeps nothing. Prints its port. */
const server = createServer((socket) => {
  let inData = false;
  let rest = '';
  socket.on('error', () => {});
  socket.write('220 sink\r\n');
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split('\r\n');
    rest = lines.pop() ?? '';
    const answers = lines.map(answer).filter((text) => text !== '');
    if (answers.length > 0) socket.write(answers.join(''));
  });
  function answer(line: string): string {
    if (inData) {
      if (line !== '.') return '';
      inData = false;
      return '250 taken\r\n';
    }
    const command = line.slice(0, 4).toUpperCase();
    if (command === 'EHLO') return '250-sink\r\n250-PIPELINING\r\n250-AUTH PLAIN LOGIN\r\n250 SMTPUTF8\r\n';
    if (command === 'AUTH') return '235 fine\r\n';
    if (command === 'DATA') {
      inData = true;
      return '354 go\r\n';
    }
    return command === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n';
  }
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
