import { useNames } from '../../../api/names.ts';
import { triggerTitle, useTriggers } from '../../../api/triggers.ts';
import type { MessageDetail } from '../../../api/types.ts';
import { Id } from '../../../ui/id.tsx';
import { TextLink } from '../../../ui/link.tsx';
import { Facts } from '../../../ui/text.tsx';

/** Who and what the mail is about, and which text it used. */
export function MessageFacts({ message }: { message: MessageDetail }) {
  const triggers = useTriggers().data?.data;
  const names = useNames();
  return (
    <Facts
      columns={1}
      items={[
        [
          'Customer',
          <TextLink key="customer" to="/customers/$id" params={{ id: message.customer_id }}>
            {names.customer(message.customer_id) ?? message.to ?? 'Customer'}
          </TextLink>,
        ],
        ['Customer in Stripe', <Id key="stripe" value={message.stripe_customer_id} stripe />],
        ['Event', triggerTitle(message.trigger, triggers)],
        ['About', <Id key="object" value={message.stripe_object_id ?? message.object_id} stripe={message.stripe_object_id !== null} />],
        [
          'Template',
          message.template_id === null ? (
            '–'
          ) : (
            <TextLink
              key="template"
              to="/emails/templates/$id"
              params={{ id: message.template_id }}
              search={{ variant: message.variant, ...(message.locale && { locale: message.locale }) }}
            >
              {names.template(message.template_id) ?? 'Template'}
            </TextLink>
          ),
        ],
        ['Variant and language', [message.variant, message.locale].filter(Boolean).join(' · ')],
        ['Product', names.product(message.stripe_product_id) ?? <Id key="product" value={message.stripe_product_id} stripe />],
        ['Because of', <Id key="witness" value={message.witness_event_id} stripe />],
        ['Message', <Id key="id" value={message.id} />],
      ]}
    />
  );
}
