import type { FactField, Trigger } from '../../../api/types.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Drawer } from '../../../ui/drawer.tsx';
import { Inline, Stack } from '../../../ui/layout.tsx';
import { RowList } from '../../../ui/row-list.tsx';
import { Text } from '../../../ui/text.tsx';
import { tagOf } from './fact-tag.ts';

/** Everything the text may speak of, with a made-up value; a press puts it where the cursor stands. */
export function FactsDrawer({ trigger, onClose, onInsert }: { trigger: Trigger; onClose(): void; onInsert(text: string): void }) {
  const insert = (fact: FactField) => {
    onClose();
    // The drawer gives the focus back when it has gone; the insertion comes after that.
    requestAnimationFrame(() => requestAnimationFrame(() => onInsert(tagOf(fact))));
  };
  return (
    <Drawer open onOpenChange={(open) => !open && onClose()} title="Facts">
      <Stack>
        <Text tone="muted">
          Only these can appear in the mail. Required ones are always there; the others need a default, or an “if” around them.
        </Text>
        <RowList
          label="Facts"
          items={trigger.facts.map((fact) => ({
            id: fact.path,
            title: fact.path,
            detail: `${fact.description} · ${fact.sample}`,
            end: (
              <Inline>
                {fact.required && <Badge tone="accent">required</Badge>}
                <Button size="sm" aria-label={`Insert ${fact.path}`} onClick={() => insert(fact)}>
                  Insert
                </Button>
              </Inline>
            ),
          }))}
        />
      </Stack>
    </Drawer>
  );
}
