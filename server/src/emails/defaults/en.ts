/** The texts of the seven core triggers as Billow ships them. */

export const en: readonly string[] = [
  `---
trigger: subscription.created
class: transactional
locale: en
subject: "Welcome to {{ product.name }}"
preheader: "Your subscription has started"
---
Hello {{ customer.name | default: "there" }},

your subscription to **{{ product.name }}** has started.

::: if trial.end
Your free trial lasts until **{{ trial.end | date }}**.
:::
::: panel
::: if price.amount
::: fact price.amount "Price"
:::
::: fact plan.interval "Billed every"
::: fact subscription.started_at "Started"
::: if subscription.renews_at
::: fact subscription.renews_at "Next renewal"
:::
:::
::: if brand.support_email
Questions? Write to us: {{ brand.support_email }}
:::
`,
  `---
trigger: subscription.canceled
class: transactional
locale: en
subject: "Your subscription to {{ product.name }} has ended"
preheader: "Nothing more will be charged for it"
---
Hello {{ customer.name | default: "there" }},

your subscription to **{{ product.name }}** was cancelled and ended on {{ subscription.ended_at | date }}.

::: if subscription.open_balance
An amount of {{ subscription.open_balance | money }} is still open.
:::
::: if brand.support_email
Questions? Write to us: {{ brand.support_email }}
:::
`,
  `---
trigger: subscription.canceled
variant: payment_failed
class: transactional
locale: en
subject: "Your subscription to {{ product.name }} has ended"
preheader: "The payment could not be collected"
---
Hello {{ customer.name | default: "there" }},

your subscription to **{{ product.name }}** ended on {{ subscription.ended_at | date }}, because its payment could not be collected.

::: if subscription.open_balance
An amount of {{ subscription.open_balance | money }} is still open.
:::
::: if brand.support_email
Questions? Write to us: {{ brand.support_email }}
:::
`,
  `---
trigger: payment.failed
class: transactional
locale: en
subject: "Your payment of {{ invoice.remaining_amount | money }} did not go through"
preheader: "Please pay invoice {{ invoice.number }}"
---
Hello {{ customer.name | default: "there" }},

we tried to collect **{{ invoice.remaining_amount | money }}** for invoice {{ invoice.number }}, and the payment did not go through.

::: if payment.decline_reason
The bank's answer: {{ payment.decline_reason }}
:::
::: if payment.next_attempt
We will try again on {{ payment.next_attempt | date }}.
:::
::: button {url=links.pay}
Pay this invoice
:::
::: if brand.support_email
Questions? Write to us: {{ brand.support_email }}
:::
`,
  `---
trigger: subscription.renewing
class: transactional
locale: en
subject: "{{ product.name }} renews on {{ subscription.renews_at | date }}"
preheader: "The next payment is {{ next_invoice.amount | money }}"
---
Hello {{ customer.name | default: "there" }},

your subscription to **{{ product.name }}** renews on **{{ subscription.renews_at | date }}**. The next payment is **{{ next_invoice.amount | money }}**.

::: if next_invoice.estimated
The amount is an estimate and depends on your usage until then. ({{ next_invoice.estimated }})
:::
::: if brand.support_email
Questions? Write to us: {{ brand.support_email }}
:::
`,
  `---
trigger: trial.ending
class: transactional
locale: en
subject: "Your trial of {{ product.name }} ends on {{ trial.end | date }}"
preheader: "What happens next"
---
Hello {{ customer.name | default: "there" }},

your trial of **{{ product.name }}** ends on **{{ trial.end | date }}**. Your subscription then continues at {{ price.amount | money }} (billed every {{ plan.interval }}).

We will charge the payment method on file.
::: if brand.support_email
Questions? Write to us: {{ brand.support_email }}
:::
`,
  `---
trigger: trial.ending
variant: no_payment_method
class: transactional
locale: en
subject: "Your trial of {{ product.name }} ends on {{ trial.end | date }}"
preheader: "What happens next"
---
Hello {{ customer.name | default: "there" }},

your trial of **{{ product.name }}** ends on **{{ trial.end | date }}**. Your subscription then continues at {{ price.amount | money }} (billed every {{ plan.interval }}).

We have no payment method from you yet. Please add one to keep your subscription.
::: if brand.support_email
Questions? Write to us: {{ brand.support_email }}
:::
`,
  `---
trigger: payment.received
class: transactional
locale: en
subject: "Receipt for invoice {{ invoice.number }}"
preheader: "We received {{ invoice.paid_amount | money }}"
---
Hello {{ customer.name | default: "there" }},

thank you. We received **{{ invoice.paid_amount | money }}** on {{ invoice.paid_at | date }}.

::: panel
::: fact invoice.number "Invoice"
::: lines invoice.lines
::: fact invoice.paid_amount "Paid"
::: if payment_method.last4
::: if payment_method.brand
Paid with {{ payment_method.brand }} {{ payment_method.last4 }}
:::
:::
:::
::: button {url=links.receipt}
View the receipt
:::
::: if brand.support_email
Questions? Write to us: {{ brand.support_email }}
:::
`,
  `---
trigger: payment.received
variant: one_off
class: transactional
locale: en
subject: "Receipt for your payment of {{ payment.amount | money }}"
preheader: "We received your payment"
---
Hello {{ customer.name | default: "there" }},

thank you. We received your payment of **{{ payment.amount | money }}** on {{ payment.date | date }}.

::: if payment.description
::: fact payment.description "For"
:::
::: if brand.support_email
Questions? Write to us: {{ brand.support_email }}
:::
`,
  `---
trigger: refund.completed
class: transactional
locale: en
subject: "Your refund of {{ refund.amount | money }}"
preheader: "The money is on its way"
---
Hello {{ customer.name | default: "there" }},

{% if refund.kind == "full" %}we refunded your payment of **{{ refund.amount | money }}** in full on {{ refund.date | date }}.{% else %}we refunded **{{ refund.amount | money }}** of your payment of {{ payment.amount | money }} on {{ refund.date | date }}.{% endif %}

Depending on the bank it can take a while until the amount appears in your account.
::: if brand.support_email
Questions? Write to us: {{ brand.support_email }}
:::
`,
];
