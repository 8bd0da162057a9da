import { useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useEnvironment } from '../api/environment.tsx';
import { MODE_WORDS, ModeDot } from '../ui/app-frame.tsx';
import { Mark } from '../ui/auth-frame.tsx';
import { IdentityButton } from '../ui/identity-button.tsx';
import { Menu, MenuChoices, MenuItem, MenuLine } from '../ui/menu.tsx';
import { NewEnvironmentDialog } from './new-environment.tsx';

/** Which environment the pages speak of, and the way to another one. */
export function EnvironmentSwitcher() {
  const { environment, me } = useEnvironment();
  const [making, setMaking] = useState(false);
  const navigate = useNavigate();
  // Objects belong to one environment, so another one starts at home.
  const enter = (slug: string) => void navigate({ to: '/', search: { env: slug } });
  return (
    <>
      <Menu
        align="start"
        trigger={
          <IdentityButton
            purpose="Switch environment"
            before={<Mark small />}
            title={me.organization.name}
            detail={
              <>
                <ModeDot mode={environment.mode} />
                {environment.name}
              </>
            }
          />
        }
      >
        <MenuChoices
          label="Environments"
          value={environment.slug}
          onChange={enter}
          choices={me.environments.map(({ slug, name, mode }) => ({
            value: slug,
            label: name,
            hint: MODE_WORDS[mode],
            before: <ModeDot mode={mode} />,
          }))}
        />
        <MenuLine />
        <MenuItem icon={Plus} onSelect={() => setMaking(true)}>
          New environment
        </MenuItem>
      </Menu>
      {making && <NewEnvironmentDialog onClose={() => setMaking(false)} onEnter={enter} />}
    </>
  );
}
