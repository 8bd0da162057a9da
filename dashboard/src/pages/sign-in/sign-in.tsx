import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { forget, signIn } from '../../api/session.ts';
import { AuthFrame, Form } from '../../ui/auth-frame.tsx';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Text } from '../../ui/text.tsx';
import { ownPath } from './own-path.ts';

/** E-mail and password. The first owner comes by a one-time link instead. */
export function SignInPage() {
  const { next } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = 'Sign in · Billow';
  }, []);
  const send = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await signIn({ email: email.trim(), password });
      forget(queries);
      await navigate({ href: ownPath(next), replace: true });
    } catch (error) {
      const { status, message } = error as { status?: number; message: string };
      setFailure(status === 401 ? 'This e-mail and password do not belong together.' : message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <AuthFrame title="Sign in to Billow">
      <Form label="Sign in" onSubmit={() => void send()}>
        {failure !== null && <Callout tone="bad" title={failure} />}
        <Field label="E-mail">
          <TextInput type="email" name="email" autoComplete="username" required value={email} onValueChange={setEmail} />
        </Field>
        <Field label="Password">
          <TextInput
            type="password"
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onValueChange={setPassword}
          />
        </Field>
        <Button type="submit" variant="primary" wide busy={busy} disabled={email === '' || password === ''}>
          Sign in
        </Button>
      </Form>
      <Text tone="subtle" size="sm">
        First time here? Open the sign-in link that the server printed when it started. It works once, for 15 minutes; each start prints a
        new one until somebody has used it.
      </Text>
    </AuthFrame>
  );
}
