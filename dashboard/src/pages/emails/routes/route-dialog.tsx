import { useState } from 'react';
import { useWrite } from '../../../api/environment.tsx';
import type { Route, TemplateWithVersions as Template } from '../../../api/types.ts';
import { Button } from '../../../ui/button.tsx';
import { Callout } from '../../../ui/callout.tsx';
import { ChoiceCards } from '../../../ui/choice-cards.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Stack } from '../../../ui/layout.tsx';
import { EVERYTHING, type Key } from './effective.ts';

/** A place in the matrix, and the route that is set there. */
export type Cell = { trigger: string; title: string; key: Key; where: string; route: Route | undefined };

const INHERIT = 'inherit';
const OFF = 'off';

/** What an event does at one place: as everything else, off, or a template. */
export function RouteDialog({ cell, templates, onClose }: { cell: Cell; templates: Template[]; onClose(): void }) {
  const { route, key, trigger } = cell;
  const [choice, setChoice] = useState(route === undefined ? INHERIT : route.off ? OFF : (route.template_id ?? INHERIT));
  const isDefault = key.stripe_product_id === null && key.stripe_price_id === null;
  const save = useWrite<void, unknown>(
    (api) => {
      if (choice === INHERIT) return route ? api.request('DELETE', `/v1/emails/routes/${route.id}`) : Promise.resolve(null);
      const body = choice === OFF ? { off: true, template_id: route?.template_id ?? null } : { off: false, template_id: choice };
      if (route) return api.request('PATCH', `/v1/emails/routes/${route.id}`, { body });
      return api.request('POST', '/v1/emails/routes', { body: { trigger, ...withoutNulls(key), ...body } });
    },
    { done: 'Route saved', onDone: onClose },
  );
  const usable = templates.filter((template) => template.trigger === trigger && template.status === 'active');
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={cell.title}
      description={isDefault ? 'For every product without a route of its own.' : `For ${cell.where} only.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={save.isPending} onClick={() => save.mutate()}>
            Save
          </Button>
        </>
      }
    >
      <Stack>
        {save.error && (
          <Callout tone="bad" title="It was not saved">
            {save.error.message}
          </Callout>
        )}
        <ChoiceCards
          label="What happens"
          value={choice}
          onChange={setChoice}
          choices={[
            ...usable.map((template) => ({
              value: template.id,
              title: template.name,
              body: bodyOf(template),
              disabled: !template.versions.some(({ status }) => status === 'approved'),
            })),
            { value: OFF, title: 'Off', body: 'No mail, and no less specific route is tried.' },
            isDefault
              ? { value: INHERIT, title: 'No route', body: 'No mail, unless a product or price has a route.' }
              : { value: INHERIT, title: 'As everything', body: 'Whatever holds for the product, or for everything.' },
          ]}
        />
      </Stack>
    </Dialog>
  );
}

function bodyOf(template: Template): string {
  const published = template.versions.filter(({ status }) => status === 'approved');
  if (published.length === 0) return 'Nothing is published yet: publish a version first.';
  const locales = [...new Set(published.map(({ locale }) => locale))];
  return `${published[0]?.subject ?? ''} · ${locales.join(', ')}`;
}

function withoutNulls(key: Key): Partial<Record<keyof Key, string>> {
  if (key === EVERYTHING) return {};
  return {
    ...(key.stripe_product_id !== null && { stripe_product_id: key.stripe_product_id }),
    ...(key.stripe_price_id !== null && { stripe_price_id: key.stripe_price_id }),
  };
}
