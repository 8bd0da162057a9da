import type { Components, Operations } from '@billow/sdk';

/** What the pages read of the API's answers: names for the generated types, nothing of our own. */

type Answer<K extends keyof Operations> = Operations[K]['response'];
export type Page<T> = { object: 'list'; data: T[]; has_more: boolean; next_cursor: string | null };

export type Me = Answer<'GET /v1/me'>;
export type Environment = Components['Environment'];
export type Mode = Environment['mode'];
export type Clock = Components['Clock'];
export type ApiKey = Components['ApiKey'];

export type Connection = Components['Connection'];
export type Permission = Connection['permissions'][number];
export type StripeEvent = Components['StripeEvent'];
export type StripeEventWithBody = Components['StripeEventWithBody'];

export type Trigger = Components['EmailTrigger'];
export type FactField = Trigger['facts'][number];
export type LintIssue = Components['LintIssue'];
export type Version = Components['EmailTemplateVersion'];
export type Template = Components['EmailTemplate'];
export type TemplateWithVersions = Answer<'GET /v1/emails/templates/{id}'>;
export type Preview = Components['EmailPreview'];
export type Occurrence = Answer<'GET /v1/emails/occurrences'>['data'][number];
export type Route = Components['EmailRoute'];
export type Resolution = Components['EmailRouteResolution'];
export type Flow = Components['EmailFlow'];

export type Transport = Components['EmailTransport'];
export type Sender = Components['EmailSender'];
export type AllowList = Components['MailAllowList'];

export type Message = Components['EmailMessage'];
export type MessageDetail = Components['EmailMessageWithTimeline'];
export type TimelineRow = MessageDetail['timeline'][number];
export type ProvenancePiece = Components['EmailProvenance'];

export type CapturedMail = Components['CapturedMail'];
export type CapturedMailDetail = Components['CapturedMailWithParts'];

export type Customer = Components['Customer'];
export type Subscription = Components['Subscription'];
export type Invoice = Components['Invoice'];

/** A product of the connected account with its prices: the columns of the routes matrix. */
export type RouteTarget = {
  stripe_product_id: string;
  name: string;
  active: boolean;
  prices: { stripe_price_id: string; name: string; active: boolean }[];
};
