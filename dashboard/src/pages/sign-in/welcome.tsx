import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { codeOf } from '../../api/client.ts';
import { consumeLink, forget, inspectLink, type SignInLink } from '../../api/session.ts';
import { AuthFrame, Form } from '../../ui/auth-frame.tsx';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Text } from '../../ui/text.tsx';

const SHORTEST_PASSWORD = 10;

/** The one-time link: looking at it changes nothing; the button uses it up. The token is in the fragment, which no server logs. */
export function WelcomePage() {
  const { hash } = useLocation();
  const token = hash.replace(/^#/, '');
  const link = useQuery({ queryKey: ['sign-in-link', token], queryFn: () => inspectLink(token), enabled: token !== '', retry: false });
  useEffect(() => {
    document.title = 'Welcome · Billow';
  }, []);
  if (link.data) return <SetUp token={token} link={link.data} />;
  if (link.isLoading)
    return (
      <AuthFrame title="Welcome to Billow">
        <Skeleton lines={4} />
      </AuthFrame>
    );
  return (
    <AuthFrame title="This link does not work any more" description="A sign-in link works once, for 15 minutes.">
      <Text tone="muted">
        {link.error && codeOf(link.error) !== 'sign_in_link_invalid'
          ? link.error.message
          : 'Start the server again to print a fresh one, or ask an owner to invite you. If you have set a password already, sign in with it.'}
      </Text>
      <ButtonLink to="/sign-in" variant="primary" wide>
        Sign in
      </ButtonLink>
    </AuthFrame>
  );
}

function SetUp({ token, link }: { token: string; link: SignInLink }) {
  const [person, setPerson] = useState({ name: '', email: '', password: '' });
  const queries = useQueryClient();
  const navigate = useNavigate();
  const consume = useMutation({
    mutationFn: () => consumeLink({ token, ...person, name: person.name.trim(), email: person.email.trim() }),
    onSuccess: async () => {
      forget(queries);
      await navigate({ to: '/', replace: true });
    },
  });
  const param = (consume.error as { param?: string | null } | null)?.param?.replace(/^body\.?/, '');
  const set = (field: keyof typeof person) => (value: string) => setPerson((before) => ({ ...before, [field]: value }));
  const errorOf = (field: string) => (param === field ? consume.error?.message : null);
  const complete = person.name.trim() !== '' && person.email.includes('@') && person.password.length >= SHORTEST_PASSWORD;
  return (
    <AuthFrame
      title="Welcome to Billow"
      description={`You become ${link.role === 'owner' ? 'the owner' : `a member (${link.role})`} of ${link.organization.name}. Set how you sign in from now on.`}
    >
      <Form label="Set up your sign-in" onSubmit={() => complete && consume.mutate()}>
        {consume.error && !['name', 'email', 'password'].includes(param ?? '') && <Callout tone="bad" title={consume.error.message} />}
        <Field label="Your name" error={errorOf('name')}>
          <TextInput name="name" autoComplete="name" value={person.name} onValueChange={set('name')} />
        </Field>
        <Field label="E-mail" error={errorOf('email')}>
          <TextInput type="email" name="email" autoComplete="username" value={person.email} onValueChange={set('email')} />
        </Field>
        <Field label="Password" hint={`At least ${SHORTEST_PASSWORD} characters.`} error={errorOf('password')}>
          <TextInput type="password" name="password" autoComplete="new-password" value={person.password} onValueChange={set('password')} />
        </Field>
        <Button type="submit" variant="primary" wide busy={consume.isPending} disabled={!complete}>
          Start
        </Button>
      </Form>
    </AuthFrame>
  );
}
