"""The Stripe Sandbox through Stripe's own Python client of an older generation (Debian's python3-stripe).

Reads {"url", "key"} from stdin, runs the requests a merchant's scripts would, and prints what came of each as one JSON object.
"""
import json
import sys
import time

import stripe


def refusal(call):
    """What the client makes of an error: its class and the fields programs look at."""
    try:
        call()
    except stripe.error.StripeError as error:
        return {
            "class": type(error).__name__,
            "status": error.http_status,
            "code": error.code,
            "param": getattr(error, "param", None) or None,
            "decline_code": getattr(error.error, "decline_code", None) if error.error else None,
            "request": bool(error.request_id),
        }
    return {"class": None}


def customers(out):
    made = [stripe.Customer.create(name="Customer %d" % n, metadata={"n": n}) for n in range(12)]
    first = stripe.Customer.list(limit=5)
    out["page"] = {"names": [c.name for c in first.data], "more": first.has_more, "url": first.url}
    out["second_page"] = [c.name for c in first.next_page().data]
    out["backwards"] = [c.name for c in stripe.Customer.list(limit=2, ending_before=made[5].id).data]
    out["iterated"] = len(list(stripe.Customer.list(limit=5).auto_paging_iter()))
    changed = stripe.Customer.modify(made[0].id, name="Max", metadata={"n": ""})
    out["modified"] = {"name": changed.name, "metadata": dict(changed.metadata)}
    changed.email = "max@example.com"
    changed.save()
    out["saved"] = stripe.Customer.retrieve(made[0].id).email
    gone = made[1].delete()
    out["deleted"] = {"deleted": gone.deleted, "retrieved": stripe.Customer.retrieve(made[1].id).get("deleted")}
    found = stripe.Customer.search(query='name:"Customer 11"')
    out["searched"] = [c.name for c in found.data]


def errors(out):
    customer = stripe.Customer.create()
    out["missing"] = refusal(lambda: stripe.Customer.retrieve("cus_none"))
    out["unknown"] = refusal(lambda: stripe.Customer.create(favourite="blue"))
    out["in_body"] = refusal(lambda: stripe.PaymentIntent.create(amount=500, currency="usd", customer="cus_none"))
    out["too_small"] = refusal(lambda: stripe.PaymentIntent.create(amount=1, currency="usd"))
    out["bad_key"] = refusal(lambda: stripe.Customer.list(api_key="sk_test_0000000000000000000000"))
    out["declined"] = refusal(lambda: stripe.PaymentIntent.create(
        amount=500, currency="usd", confirm=True, payment_method="pm_card_visa_chargeDeclinedInsufficientFunds",
        automatic_payment_methods={"enabled": True, "allow_redirects": "never"}))
    out["not_attachable"] = refusal(lambda: stripe.PaymentMethod.attach("pm_card_visa_chargeDeclined", customer=customer.id))
    out["not_emulated"] = refusal(lambda: stripe.Topup.create(amount=500, currency="usd", description="x"))


def idempotency(out):
    once = stripe.Customer.create(name="Once", idempotency_key="python-1")
    again = stripe.Customer.create(name="Once", idempotency_key="python-1")
    out["replayed"] = {"same": once.id == again.id, "header": again.last_response.headers.get("Idempotent-Replayed")}
    out["other_params"] = refusal(lambda: stripe.Customer.create(name="Twice", idempotency_key="python-1"))
    out["other_endpoint"] = refusal(lambda: stripe.Product.create(name="Once", idempotency_key="python-1"))


def subscription(out):
    clock = stripe.test_helpers.TestClock.create(frozen_time=1767225600, name="python")
    customer = stripe.Customer.create(test_clock=clock.id, payment_method="pm_card_visa")
    method = stripe.Customer.list_payment_methods(customer.id, type="card").data[0]
    stripe.Customer.modify(customer.id, invoice_settings={"default_payment_method": method.id})
    price = stripe.Price.create(currency="eur", unit_amount=2900, recurring={"interval": "month"}, product_data={"name": "Pro"})
    subscription = stripe.Subscription.create(
        customer=customer.id, items=[{"price": price.id, "quantity": 2}], expand=["latest_invoice.payments", "customer"])
    out["created"] = {
        "status": subscription.status,
        "customer": subscription.customer.id == customer.id,
        "paid": subscription.latest_invoice.amount_paid,
        "payments": [p.status for p in subscription.latest_invoice.payments.data],
        "price": subscription["items"].data[0].price.id == price.id,
    }
    stripe.test_helpers.TestClock.advance(clock.id, frozen_time=1769911200)
    for _ in range(200):
        moved = stripe.test_helpers.TestClock.retrieve(clock.id)
        if moved.status == "ready":
            break
        time.sleep(0.05)
    out["advanced"] = {"status": moved.status, "frozen_time": moved.frozen_time}
    invoices = stripe.Invoice.list(subscription=subscription.id)
    out["invoices"] = [{"status": i.status, "total": i.total, "reason": i.billing_reason} for i in invoices.data]
    ended = stripe.Subscription.delete(subscription.id)
    out["canceled"] = ended.status
    out["hidden"] = [c.id for c in stripe.Customer.list().data if c.id == customer.id]
    events = stripe.Event.list(type="customer.subscription.deleted")
    out["event"] = [e.data.object.id == subscription.id for e in events.data]
    stripe.test_helpers.TestClock.delete(clock.id)


def webhook(out):
    endpoint = stripe.WebhookEndpoint.create(url="http://127.0.0.1:1/hook", enabled_events=["customer.created"])
    listed = stripe.WebhookEndpoint.list().data
    out["endpoint"] = {"secret": endpoint.secret.startswith("whsec_"), "listed": ["secret" in e for e in listed]}
    body = '{"id": "evt_1", "object": "event", "type": "customer.created"}'
    stamp = int(time.time())
    signature = stripe.WebhookSignature._compute_signature("%d.%s" % (stamp, body), endpoint.secret)
    event = stripe.Webhook.construct_event(body, "t=%d,v1=%s" % (stamp, signature), endpoint.secret)
    out["verified"] = event.type


def main():
    given = json.load(sys.stdin)
    stripe.api_base = given["url"]
    stripe.api_key = given["key"]
    stripe.max_network_retries = 0
    stripe.enable_telemetry = False
    result = {"version": stripe.version.VERSION}
    for part in (customers, errors, idempotency, subscription, webhook):
        result[part.__name__] = {}
        part(result[part.__name__])
    json.dump(result, sys.stdout)


main()
