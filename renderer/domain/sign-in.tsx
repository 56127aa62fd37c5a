import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { defineMessages, useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { describeError } from '#renderer/ui/states.tsx';
import { useConsole, useSystem } from './queries/index.ts';

const messages = defineMessages(
  {
    signIn: 'Sign in',
    signInTo: 'Sign in to {name}',
    signingIn: 'Signing in…',
    kept: 'After you sign in, the password is stored in {place}.',
    keychain: 'this computer’s keychain',
    username: 'Username',
    password: 'Password',
    missing: 'This field is required.',
  },
  {
    signIn: 'تسجيل الدخول',
    signInTo: 'تسجيل الدخول إلى {name}',
    signingIn: 'جارٍ تسجيل الدخول…',
    kept: 'بعد تسجيل الدخول تُخزَّن كلمة المرور في {place}.',
    keychain: 'سلسلة مفاتيح هذا الحاسوب',
    username: 'اسم المستخدم',
    password: 'كلمة المرور',
    missing: 'هذا الحقل مطلوب.',
  },
);

interface FormProps {
  connection: Connection;
  onDone?: () => void;
}

/** User name and password for one backend. A refusal is shown at the field. */
export function SignInForm({ connection, onDone }: FormProps) {
  const t = useText(messages);
  const { connections } = useConsole();
  const [username, setUsername] = useState(connection.username ?? (connection.embedded ? 'admin' : ''));
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const signIn = useMutation({
    mutationFn: () => connections.signIn({ id: connection.id, username, password }),
    onSuccess: () => onDone?.(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (username !== '' && password !== '') signIn.mutate();
  };
  const failure = signIn.error ? describeError(signIn.error) : undefined;
  const id = useId();
  const store = useSystem().data?.secretStore;
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4 pt-2" aria-describedby={`${id}-kept`}>
      <Field label={t('username')} error={tried && username === '' ? t('missing') : undefined}>
        <Input
          value={username}
          onChange={(event) => setUsername(event.target.value)}
          autoComplete="username"
          dir="ltr"
          maxLength={64}
          autoFocus={username === ''}
        />
      </Field>
      <Field
        label={t('password')}
        error={tried && password === '' ? t('missing') : failure && [failure.message, failure.hint].filter(Boolean).join(' ')}
      >
        <Input
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="current-password"
          dir="ltr"
          maxLength={256}
          autoFocus={username !== ''}
        />
      </Field>
      <p id={`${id}-kept`} className="text-faint text-sm">
        {t('kept', { place: store?.kind === 'file' ? (store.path ?? '') : t('keychain') })}
      </p>
      <Button type="submit" variant="primary" className="self-start" disabledReason={signIn.isPending ? t('signingIn') : undefined}>
        {signIn.isPending ? t('signingIn') : t('signIn')}
      </Button>
    </form>
  );
}

/** Opens the sign-in form over the current screen, which stays readable behind it. */
export function SignInButton({ connection }: { connection: Connection }) {
  const t = useText(messages);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" variant="primary" onClick={() => setOpen(true)}>
        {t('signIn')}
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={t('signInTo', { name: connection.name })} description={connection.url}>
        <SignInForm connection={connection} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}
