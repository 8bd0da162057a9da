/** The texts of the seven core triggers as Billow ships them. */

export const fr: readonly string[] = [
  `---
trigger: subscription.created
class: transactional
locale: fr
subject: "Bienvenue chez {{ product.name }}"
preheader: "Votre abonnement a commencé"
---
Bonjour{% if customer.name %} {{ customer.name }}{% endif %},

votre abonnement à **{{ product.name }}** a commencé.

::: if trial.end
Votre essai gratuit dure jusqu'au **{{ trial.end | date }}**.
:::
::: panel
::: if price.amount
::: fact price.amount "Prix"
:::
::: fact plan.interval "Facturé par"
::: fact subscription.started_at "Début"
::: if subscription.renews_at
::: fact subscription.renews_at "Prochain renouvellement"
:::
:::
::: if brand.support_email
Des questions ? Écrivez-nous : {{ brand.support_email }}
:::
`,
  `---
trigger: subscription.canceled
class: transactional
locale: fr
subject: "Votre abonnement à {{ product.name }} est terminé"
preheader: "Plus rien ne sera débité"
---
Bonjour{% if customer.name %} {{ customer.name }}{% endif %},

votre abonnement à **{{ product.name }}** a été résilié et a pris fin le {{ subscription.ended_at | date }}.

::: if subscription.open_balance
Un montant de {{ subscription.open_balance | money }} reste à payer.
:::
::: if brand.support_email
Des questions ? Écrivez-nous : {{ brand.support_email }}
:::
`,
  `---
trigger: subscription.canceled
variant: payment_failed
class: transactional
locale: fr
subject: "Votre abonnement à {{ product.name }} est terminé"
preheader: "Le paiement n'a pas pu être encaissé"
---
Bonjour{% if customer.name %} {{ customer.name }}{% endif %},

votre abonnement à **{{ product.name }}** a pris fin le {{ subscription.ended_at | date }}, car le paiement n'a pas pu être encaissé.

::: if subscription.open_balance
Un montant de {{ subscription.open_balance | money }} reste à payer.
:::
::: if brand.support_email
Des questions ? Écrivez-nous : {{ brand.support_email }}
:::
`,
  `---
trigger: payment.failed
class: transactional
locale: fr
subject: "Votre paiement de {{ invoice.remaining_amount | money }} n'a pas abouti"
preheader: "Merci de régler la facture {{ invoice.number }}"
---
Bonjour{% if customer.name %} {{ customer.name }}{% endif %},

nous avons tenté d'encaisser **{{ invoice.remaining_amount | money }}** pour la facture {{ invoice.number }}, et le paiement n'a pas abouti.

::: if payment.decline_reason
La réponse de la banque : {{ payment.decline_reason }}
:::
::: if payment.next_attempt
Nous réessaierons le {{ payment.next_attempt | date }}.
:::
::: button {url=links.pay}
Payer la facture
:::
::: if brand.support_email
Des questions ? Écrivez-nous : {{ brand.support_email }}
:::
`,
  `---
trigger: subscription.renewing
class: transactional
locale: fr
subject: "{{ product.name }} se renouvelle le {{ subscription.renews_at | date }}"
preheader: "Le prochain paiement est de {{ next_invoice.amount | money }}"
---
Bonjour{% if customer.name %} {{ customer.name }}{% endif %},

votre abonnement à **{{ product.name }}** se renouvelle le **{{ subscription.renews_at | date }}**. Le prochain paiement est de **{{ next_invoice.amount | money }}**.

::: if next_invoice.estimated
Ce montant est une estimation et dépend de votre utilisation d'ici là. ({{ next_invoice.estimated }})
:::
::: if brand.support_email
Des questions ? Écrivez-nous : {{ brand.support_email }}
:::
`,
  `---
trigger: trial.ending
class: transactional
locale: fr
subject: "Votre essai de {{ product.name }} se termine le {{ trial.end | date }}"
preheader: "Ce qui se passe ensuite"
---
Bonjour{% if customer.name %} {{ customer.name }}{% endif %},

votre essai de **{{ product.name }}** se termine le **{{ trial.end | date }}**. Votre abonnement continue ensuite à {{ price.amount | money }} (facturé par {{ plan.interval }}).

Nous débiterons le moyen de paiement enregistré.
::: if brand.support_email
Des questions ? Écrivez-nous : {{ brand.support_email }}
:::
`,
  `---
trigger: trial.ending
variant: no_payment_method
class: transactional
locale: fr
subject: "Votre essai de {{ product.name }} se termine le {{ trial.end | date }}"
preheader: "Ce qui se passe ensuite"
---
Bonjour{% if customer.name %} {{ customer.name }}{% endif %},

votre essai de **{{ product.name }}** se termine le **{{ trial.end | date }}**. Votre abonnement continue ensuite à {{ price.amount | money }} (facturé par {{ plan.interval }}).

Nous n'avons pas encore de moyen de paiement. Merci d'en ajouter un pour garder votre abonnement.
::: if brand.support_email
Des questions ? Écrivez-nous : {{ brand.support_email }}
:::
`,
  `---
trigger: payment.received
class: transactional
locale: fr
subject: "Reçu de la facture {{ invoice.number }}"
preheader: "Nous avons reçu {{ invoice.paid_amount | money }}"
---
Bonjour{% if customer.name %} {{ customer.name }}{% endif %},

merci. Nous avons reçu **{{ invoice.paid_amount | money }}** le {{ invoice.paid_at | date }}.

::: panel
::: fact invoice.number "Facture"
::: lines invoice.lines
::: fact invoice.paid_amount "Payé"
::: if payment_method.last4
::: if payment_method.brand
Payé avec {{ payment_method.brand }} {{ payment_method.last4 }}
:::
:::
:::
::: button {url=links.receipt}
Voir le reçu
:::
::: if brand.support_email
Des questions ? Écrivez-nous : {{ brand.support_email }}
:::
`,
  `---
trigger: payment.received
variant: one_off
class: transactional
locale: fr
subject: "Reçu de votre paiement de {{ payment.amount | money }}"
preheader: "Nous avons reçu votre paiement"
---
Bonjour{% if customer.name %} {{ customer.name }}{% endif %},

merci. Nous avons reçu votre paiement de **{{ payment.amount | money }}** le {{ payment.date | date }}.

::: if payment.description
::: fact payment.description "Pour"
:::
::: if brand.support_email
Des questions ? Écrivez-nous : {{ brand.support_email }}
:::
`,
  `---
trigger: refund.completed
class: transactional
locale: fr
subject: "Votre remboursement de {{ refund.amount | money }}"
preheader: "Le remboursement est en route"
---
Bonjour{% if customer.name %} {{ customer.name }}{% endif %},

{% if refund.kind == "full" %}nous avons remboursé intégralement votre paiement de **{{ refund.amount | money }}** le {{ refund.date | date }}.{% else %}nous avons remboursé **{{ refund.amount | money }}** sur votre paiement de {{ payment.amount | money }} le {{ refund.date | date }}.{% endif %}

Selon la banque, il peut s'écouler un certain temps avant que le montant apparaisse sur votre compte.
::: if brand.support_email
Des questions ? Écrivez-nous : {{ brand.support_email }}
:::
`,
];
