import { useState } from 'react';
import { useWrite } from '../../../api/environment.tsx';
import type { Flow, Trigger } from '../../../api/types.ts';
import { Form } from '../../../ui/auth-frame.tsx';
import { Button } from '../../../ui/button.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';
import { Grid, Panel } from '../../../ui/layout.tsx';

/** How many days before its date an announcing mail goes. */
export function LeadDays({ flows, triggers }: { flows: Flow[]; triggers: Trigger[] }) {
  const timed = flows.flatMap((flow) => {
    const trigger = triggers.find((one) => one.trigger === flow.trigger);
    return trigger?.lead_days ? [{ flow, trigger, bounds: trigger.lead_days }] : [];
  });
  if (timed.length === 0) return null;
  return (
    <Panel title="Days ahead" description="Mails that announce a date go this many days before it.">
      <Grid min="md">
        {timed.map(({ flow, trigger, bounds }) => (
          <LeadDaysForm key={flow.id} flow={flow} title={trigger.title} bounds={bounds} />
        ))}
      </Grid>
    </Panel>
  );
}

function LeadDaysForm({ flow, title, bounds }: { flow: Flow; title: string; bounds: { default: number; min: number; max: number } }) {
  const current = String(flow.settings.lead_days ?? bounds.default);
  const [days, setDays] = useState(current);
  const save = useWrite<number, unknown>(
    (api, leadDays) => api.request('PATCH', `/v1/emails/flows/${flow.id}`, { body: { settings: { lead_days: leadDays } } }),
    {
      done: 'Saved. Waiting mails were planned again.',
    },
  );
  const number = Number(days);
  const error =
    Number.isInteger(number) && number >= bounds.min && number <= bounds.max ? null : `A whole number from ${bounds.min} to ${bounds.max}.`;
  return (
    <Form label={title} onSubmit={() => error === null && save.mutate(number)}>
      <Field label={title} error={error ?? save.error?.message} hint="Days before">
        <TextInput type="number" inputMode="numeric" min={bounds.min} max={bounds.max} value={days} onValueChange={setDays} />
      </Field>
      {days !== current && (
        <Button type="submit" busy={save.isPending} disabled={error !== null}>
          Save
        </Button>
      )}
    </Form>
  );
}
