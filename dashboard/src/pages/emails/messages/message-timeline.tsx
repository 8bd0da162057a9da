import {
  Ban,
  CircleMinus,
  Clock,
  FileText,
  Hourglass,
  ListChecks,
  type LucideIcon,
  MousePointerClick,
  Pause,
  RotateCcw,
  Search,
  Send,
  Split,
  Zap,
} from 'lucide-react';
import type { TimelineRow } from '../../../api/types.ts';
import { When } from '../../../ui/date.tsx';
import { Text } from '../../../ui/text.tsx';
import { Timeline } from '../../../ui/timeline.tsx';
import { tell } from './timeline-words.ts';

const ICONS: Record<string, LucideIcon> = {
  occurrence: Zap,
  route: Split,
  planned: Clock,
  facts: Search,
  guards: ListChecks,
  rendered: FileText,
  ready: Hourglass,
  attempt: Send,
  result: Send,
  held: Pause,
  refused: Ban,
  suppressed: CircleMinus,
  canceled: CircleMinus,
  retried: RotateCcw,
  link_visited: MousePointerClick,
};

/** From the event to the delivery, in order. */
export function MessageTimeline({ rows }: { rows: TimelineRow[] }) {
  if (rows.length === 0) return <Text tone="muted">Nothing is recorded yet.</Text>;
  return (
    <Timeline
      entries={rows.map(({ seq, kind, at, detail }) => {
        const told = tell(kind, detail);
        return {
          id: String(seq),
          icon: ICONS[kind] ?? Clock,
          tone: told.tone,
          title: told.title,
          when: <When at={at} />,
          detail: told.detail,
        };
      })}
    />
  );
}
