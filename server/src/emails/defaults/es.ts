/** The texts of the seven core triggers as Billow ships them. */

export const es: readonly string[] = [
  `---
trigger: subscription.created
class: transactional
locale: es
subject: "Le damos la bienvenida a {{ product.name }}"
preheader: "Su suscripción ha comenzado"
---
Hola{% if customer.name %} {{ customer.name }}{% endif %}:

su suscripción a **{{ product.name }}** ha comenzado.

::: if trial.end
Su prueba gratuita dura hasta el **{{ trial.end | date }}**.
:::
::: panel
::: if price.amount
::: fact price.amount "Precio"
:::
::: fact plan.interval "Se cobra cada"
::: fact subscription.started_at "Inicio"
::: if subscription.renews_at
::: fact subscription.renews_at "Próxima renovación"
:::
:::
::: if brand.support_email
¿Preguntas? Escríbanos: {{ brand.support_email }}
:::
`,
  `---
trigger: subscription.canceled
class: transactional
locale: es
subject: "Su suscripción a {{ product.name }} ha terminado"
preheader: "No se cobrará nada más por ella"
---
Hola{% if customer.name %} {{ customer.name }}{% endif %}:

su suscripción a **{{ product.name }}** se canceló y terminó el {{ subscription.ended_at | date }}.

::: if subscription.open_balance
Queda pendiente un importe de {{ subscription.open_balance | money }}.
:::
::: if brand.support_email
¿Preguntas? Escríbanos: {{ brand.support_email }}
:::
`,
  `---
trigger: subscription.canceled
variant: payment_failed
class: transactional
locale: es
subject: "Su suscripción a {{ product.name }} ha terminado"
preheader: "No se pudo cobrar el pago"
---
Hola{% if customer.name %} {{ customer.name }}{% endif %}:

su suscripción a **{{ product.name }}** terminó el {{ subscription.ended_at | date }} porque no se pudo cobrar el pago.

::: if subscription.open_balance
Queda pendiente un importe de {{ subscription.open_balance | money }}.
:::
::: if brand.support_email
¿Preguntas? Escríbanos: {{ brand.support_email }}
:::
`,
  `---
trigger: payment.failed
class: transactional
locale: es
subject: "Su pago de {{ invoice.remaining_amount | money }} no se completó"
preheader: "Le rogamos que pague la factura {{ invoice.number }}"
---
Hola{% if customer.name %} {{ customer.name }}{% endif %}:

intentamos cobrar **{{ invoice.remaining_amount | money }}** por la factura {{ invoice.number }} y el pago no se completó.

::: if payment.decline_reason
La respuesta del banco: {{ payment.decline_reason }}
:::
::: if payment.next_attempt
Lo intentaremos de nuevo el {{ payment.next_attempt | date }}.
:::
::: button {url=links.pay}
Pagar la factura
:::
::: if brand.support_email
¿Preguntas? Escríbanos: {{ brand.support_email }}
:::
`,
  `---
trigger: subscription.renewing
class: transactional
locale: es
subject: "{{ product.name }} se renueva el {{ subscription.renews_at | date }}"
preheader: "El próximo pago es de {{ next_invoice.amount | money }}"
---
Hola{% if customer.name %} {{ customer.name }}{% endif %}:

su suscripción a **{{ product.name }}** se renueva el **{{ subscription.renews_at | date }}**. El próximo pago es de **{{ next_invoice.amount | money }}**.

::: if next_invoice.estimated
El importe es una estimación y depende de su uso hasta entonces. ({{ next_invoice.estimated }})
:::
::: if brand.support_email
¿Preguntas? Escríbanos: {{ brand.support_email }}
:::
`,
  `---
trigger: trial.ending
class: transactional
locale: es
subject: "Su prueba de {{ product.name }} termina el {{ trial.end | date }}"
preheader: "Qué ocurre después"
---
Hola{% if customer.name %} {{ customer.name }}{% endif %}:

su prueba de **{{ product.name }}** termina el **{{ trial.end | date }}**. Después su suscripción continúa por {{ price.amount | money }} (se cobra cada {{ plan.interval }}).

Cobraremos en el método de pago registrado.
::: if brand.support_email
¿Preguntas? Escríbanos: {{ brand.support_email }}
:::
`,
  `---
trigger: trial.ending
variant: no_payment_method
class: transactional
locale: es
subject: "Su prueba de {{ product.name }} termina el {{ trial.end | date }}"
preheader: "Qué ocurre después"
---
Hola{% if customer.name %} {{ customer.name }}{% endif %}:

su prueba de **{{ product.name }}** termina el **{{ trial.end | date }}**. Después su suscripción continúa por {{ price.amount | money }} (se cobra cada {{ plan.interval }}).

Aún no tenemos un método de pago. Añada uno para conservar su suscripción.
::: if brand.support_email
¿Preguntas? Escríbanos: {{ brand.support_email }}
:::
`,
  `---
trigger: payment.received
class: transactional
locale: es
subject: "Recibo de la factura {{ invoice.number }}"
preheader: "Hemos recibido {{ invoice.paid_amount | money }}"
---
Hola{% if customer.name %} {{ customer.name }}{% endif %}:

gracias. Hemos recibido **{{ invoice.paid_amount | money }}** el {{ invoice.paid_at | date }}.

::: panel
::: fact invoice.number "Factura"
::: lines invoice.lines
::: fact invoice.paid_amount "Pagado"
::: if payment_method.last4
::: if payment_method.brand
Pagado con {{ payment_method.brand }} {{ payment_method.last4 }}
:::
:::
:::
::: button {url=links.receipt}
Ver el recibo
:::
::: if brand.support_email
¿Preguntas? Escríbanos: {{ brand.support_email }}
:::
`,
  `---
trigger: payment.received
variant: one_off
class: transactional
locale: es
subject: "Recibo de su pago de {{ payment.amount | money }}"
preheader: "Hemos recibido su pago"
---
Hola{% if customer.name %} {{ customer.name }}{% endif %}:

gracias. Hemos recibido su pago de **{{ payment.amount | money }}** el {{ payment.date | date }}.

::: if payment.description
::: fact payment.description "Concepto"
:::
::: if brand.support_email
¿Preguntas? Escríbanos: {{ brand.support_email }}
:::
`,
  `---
trigger: refund.completed
class: transactional
locale: es
subject: "Su reembolso de {{ refund.amount | money }}"
preheader: "El dinero está en camino"
---
Hola{% if customer.name %} {{ customer.name }}{% endif %}:

{% if refund.kind == "full" %}hemos reembolsado por completo su pago de **{{ refund.amount | money }}** el {{ refund.date | date }}.{% else %}hemos reembolsado **{{ refund.amount | money }}** de su pago de {{ payment.amount | money }} el {{ refund.date | date }}.{% endif %}

Según el banco, el importe puede tardar un poco en aparecer en su cuenta.
::: if brand.support_email
¿Preguntas? Escríbanos: {{ brand.support_email }}
:::
`,
];
