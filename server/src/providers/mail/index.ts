import { DomainRecordsPort, MailTransportsPort } from '../../emails/index.ts';
import type { App } from '../../kit/context.ts';
import type { Room } from '../../kit/room.ts';
import { domainRecords } from './domain-records.ts';
import { machineResolver } from './resolver.ts';
import { openTransports } from './transports.ts';

export { domainRecords } from './domain-records.ts';
export { smtpTransport } from './smtp.ts';

export const room: Room = {
  name: 'providers/mail',
  setup: (app: App) => {
    app.ports.bind(MailTransportsPort, openTransports());
    app.ports.bind(DomainRecordsPort, domainRecords(machineResolver()));
  },
};
