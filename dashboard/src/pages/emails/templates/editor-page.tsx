import { useNavigate } from '@tanstack/react-router';
import { BookOpen } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import type { LintIssue, Template, Trigger, Version } from '../../../api/types.ts';
import { Button } from '../../../ui/button.tsx';
import { Callout } from '../../../ui/callout.tsx';
import { Inline, Split, Stack } from '../../../ui/layout.tsx';
import { Page } from '../../../ui/page.tsx';
import { type ListedProblem, ProblemList } from '../../../ui/problem-list.tsx';
import { Select } from '../../../ui/select.tsx';
import { type EditorHandle, SourceEditor } from '../../../ui/source-editor.tsx';
import { Status } from '../../../ui/status.tsx';
import { Text } from '../../../ui/text.tsx';
import type { Slot } from './choose-version.ts';
import { FactsDrawer } from './facts-drawer.tsx';
import { LivePreview } from './live-preview.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { refusedDraft, useSaveDraft } from './save-draft.ts';
import { useUnsavedGuard } from './unsaved-guard.ts';
import { usePreview } from './use-preview.ts';

type Props = {
  template: Template;
  trigger: Trigger;
  slot: Slot;
  slots: Slot[];
  draft: Version | undefined;
  published: Version | undefined;
};

/** The source at the left, the mail it makes at the right, what is wrong below; saved as the one draft, published by a second step. */
export function EditorPage({ template, trigger, slot, slots, draft, published }: Props) {
  const saved = draft ?? published;
  const [source, setSource] = useState(saved?.source ?? '');
  const [version, setVersion] = useState(draft);
  const [asking, setAsking] = useState<'publish' | 'facts' | null>(null);
  const editor = useRef<EditorHandle>(null);
  const preview = usePreview(source);
  const dirty = source !== (version?.source ?? saved?.source ?? '');
  useUnsavedGuard(dirty);
  const save = useSaveDraft({ templateId: template.id, source, onSaved: setVersion });
  const lint = preview.data?.lint ?? version?.lint ?? [];
  const errors = lint.filter(({ level }) => level === 'error').length;
  return (
    <Page
      title={template.name}
      back={{ label: 'Templates', link: { to: '/emails/templates' } }}
      beside={<State version={version} published={published} dirty={dirty} />}
      width="full"
      actions={
        <Actions
          slots={<SlotSelect slot={slot} slots={slots} />}
          saving={save.isPending}
          canSave={dirty}
          canPublish={!dirty && errors === 0 && version?.status === 'draft'}
          onFacts={() => setAsking('facts')}
          onSave={save.mutate}
          onPublish={() => setAsking('publish')}
        />
      }
    >
      <SaveProblem error={save.error} />
      <Split
        even
        main={
          <Stack gap="sm">
            <SourceEditor
              label="Source of the template"
              value={source}
              onChange={setSource}
              problems={lint.map(problemOf)}
              handle={editor}
              onSave={() => dirty && save.mutate()}
            />
            <Problems
              lint={lint}
              checked={preview.data !== undefined && !preview.isStale}
              onJump={(issue) => editor.current?.jump(issue.row, issue.column, issue.found.length)}
            />
          </Stack>
        }
        aside={<LivePreview trigger={trigger} preview={preview} />}
      />
      {asking === 'facts' && (
        <FactsDrawer trigger={trigger} onClose={() => setAsking(null)} onInsert={(text) => editor.current?.insert(text)} />
      )}
      {asking === 'publish' && version && (
        <PublishDialog
          version={version}
          published={published}
          onClose={() => setAsking(null)}
          onPublished={() => {
            setVersion(undefined);
            setAsking(null);
          }}
        />
      )}
    </Page>
  );
}

/** Why the last save was refused, with the place; the text is kept all the same where it could be. */
function SaveProblem({ error }: { error: Error | null }) {
  if (error === null) return null;
  const { fix } = error as { fix?: string | null };
  return (
    <Callout tone="bad" title={refusedDraft(error) ? 'Saved as a draft that needs a fix' : 'The draft was not saved'}>
      {[error.message, fix].filter(Boolean).join(' ')}
    </Callout>
  );
}

type ActionsProps = {
  slots: ReactNode;
  saving: boolean;
  canSave: boolean;
  canPublish: boolean;
  onFacts(): void;
  onSave(): void;
  onPublish(): void;
};

function Actions({ slots, saving, canSave, canPublish, onFacts, onSave, onPublish }: ActionsProps) {
  return (
    <>
      {slots}
      <Button icon={BookOpen} onClick={onFacts}>
        Facts
      </Button>
      <Button busy={saving} disabled={!canSave} onClick={onSave}>
        Save draft
      </Button>
      <Button variant="primary" disabled={!canPublish} onClick={onPublish}>
        Publish
      </Button>
    </>
  );
}

function State({ version, published, dirty }: { version: Version | undefined; published: Version | undefined; dirty: boolean }) {
  const shown = version ?? published;
  return (
    <Inline>
      {shown && <Status kind="version" value={shown.status} />}
      {dirty && (
        <Text tone="muted" size="sm">
          Not saved yet
        </Text>
      )}
    </Inline>
  );
}

function SlotSelect({ slot, slots }: { slot: Slot; slots: Slot[] }) {
  const navigate = useNavigate({ from: '/emails/templates/$id' });
  if (slots.length < 2) return null;
  const keyOf = ({ variant, locale }: Slot) => `${variant}/${locale}`;
  return (
    <Select
      label="Variant and language"
      compact
      value={keyOf(slot)}
      choices={slots.map((one) => ({
        value: keyOf(one),
        label: `${one.variant === 'default' ? 'Default' : one.variant.replaceAll('_', ' ')} · ${one.locale}`,
      }))}
      onChange={(next) => {
        const [variant = 'default', locale = 'en'] = next.split('/');
        void navigate({ search: (before) => ({ ...before, variant, locale }) });
      }}
    />
  );
}

function Problems({ lint, checked, onJump }: { lint: LintIssue[]; checked: boolean; onJump(issue: LintIssue): void }) {
  if (lint.length === 0)
    return (
      <Text tone="subtle" size="sm">
        {checked ? 'No problems: every amount, date and name is a fact.' : 'Checking …'}
      </Text>
    );
  return <ProblemList problems={lint} onJump={(problem: ListedProblem) => onJump(problem as LintIssue)} />;
}

function problemOf({ level, row, column, found }: LintIssue) {
  return { level, row, column, length: found.length };
}
