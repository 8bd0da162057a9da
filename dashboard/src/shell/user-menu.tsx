import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { useEnvironment } from '../api/environment.tsx';
import { useSignOut } from '../api/session.ts';
import { IdentityButton, Initial } from '../ui/identity-button.tsx';
import { Menu, MenuChoices, MenuItem, MenuLine } from '../ui/menu.tsx';
import { chooseTheme, chosenTheme, type Theme } from './theme.ts';

/** Who is signed in, light or dark, and the way out. */
export function UserMenu() {
  const { me } = useEnvironment();
  const [theme, setTheme] = useState(chosenTheme);
  const signOut = useSignOut();
  const name = me.user?.name ?? 'Signed in';
  return (
    <Menu
      align="start"
      side="top"
      trigger={
        <IdentityButton purpose="You, and how it looks" before={<Initial name={name} />} title={name} detail={me.user?.email ?? ''} />
      }
    >
      <MenuChoices
        label="Appearance"
        value={theme}
        onChange={(next) => {
          chooseTheme(next as Theme);
          setTheme(next as Theme);
        }}
        choices={[
          { value: 'system', label: 'As the system' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
      <MenuLine />
      <MenuItem icon={LogOut} onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
