import type { ErrorCode } from '#common/contract/errors.ts';

/** The problems that the console’s core reports, with their error codes and texts. Reasons are stable. */
export const problems = {
  // Connections
  role_too_low: {
    code: 'forbidden',
    message: 'Your role on {connection} is {role}; this needs {needed}.',
    hint: 'Ask an administrator for that role.',
  },
  change_needs_contact: {
    code: 'unavailable',
    message: '{connection} can’t be reached, and this change isn’t made offline.',
    hint: 'Try again when the connection is live.',
  },
  change_unanswered: {
    code: 'unavailable',
    message: '{connection} didn’t answer; the change may or may not have been made.',
    hint: 'Check its state when the connection is live again.',
  },
  not_connected_yet: { code: 'unavailable', message: '{connection} isn’t connected yet.' },
  connection_removed: { code: 'not_found', message: 'This connection was removed.' },
  connection_closed: { code: 'unavailable', message: 'The connection is closed.' },
  address_taken: { code: 'conflict', message: 'The connection “{connection}” already has this address.' },
  changes_waiting: {
    code: 'conflict',
    message: 'Changes still waiting for “{connection}”: {count}.',
    hint: 'Wait until they are delivered, or discard them, then remove the connection.',
  },
  drafts_unsaved: {
    code: 'conflict',
    message: '“{connection}” has unsaved changes to dashboards: {dashboards}.',
    hint: 'Save or discard them, then remove the connection.',
  },
  certificate_unreadable: {
    code: 'validation_failed',
    message: 'The certificate authority isn’t a certificate in PEM format.',
    hint: 'Paste the whole text, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.',
  },
  certificate_expired: {
    code: 'unavailable',
    message: 'The certificate of {host} has expired.',
    hint: 'Renew the certificate on the backend, and check this computer’s clock.',
  },
  certificate_other_name: {
    code: 'unavailable',
    message: 'The certificate of {host} is for another name.',
    hint: 'Use the name that the certificate was issued for.',
  },
  certificate_untrusted: {
    code: 'unavailable',
    message: 'The certificate of {host} isn’t signed by an authority that is trusted here.',
    hint: 'Add the certificate of its private authority in the settings of this connection.',
  },
  no_tls: {
    code: 'unavailable',
    message: '{host} doesn’t use TLS.',
    hint: 'Use an address that starts with http://, or put TLS in front of the backend.',
  },
  connection_refused: {
    code: 'unavailable',
    message: 'Nothing answers at {host}.',
    hint: 'Check that the backend is running and that the port is right.',
  },
  host_unknown: { code: 'unavailable', message: 'There is no host {host}.', hint: 'Check the name and this computer’s network.' },
  host_lookup_failed: {
    code: 'unavailable',
    message: 'The name {host} can’t be looked up right now.',
    hint: 'Check this computer’s network.',
  },
  no_route: { code: 'unavailable', message: 'There is no network route to {host}.', hint: 'Check this computer’s network.' },
  no_answer: {
    code: 'unavailable',
    message: '{host} doesn’t answer.',
    hint: 'Check that the backend is running. The console keeps trying.',
  },
  silence: {
    code: 'unavailable',
    message: '{host} has sent nothing for {silenceMs}.',
    hint: 'The network in between may be down. The console keeps trying.',
  },
  not_a_backend: {
    code: 'unavailable',
    message: '{host} answers, but not as a Watchfloor backend.',
    hint: 'Check the address and the port.',
  },
  backend_too_old: {
    code: 'contract_mismatch',
    message: 'Backend {backend} and console {console} have no contract in common.',
    hint: 'Update the backend: this console is too new for it.',
  },
  console_too_old: {
    code: 'contract_mismatch',
    message: 'Backend {backend} and console {console} have no contract in common.',
    hint: 'Update this console: the backend is too new for it.',
  },
  signed_out: { code: 'token_missing', message: 'You signed out.', hint: 'Sign in to see what is new.' },
  not_signed_in: {
    code: 'bad_credentials',
    message: 'You aren’t signed in on this connection.',
    hint: 'Sign in with your name and password.',
  },
  session_ended: {
    code: 'bad_credentials',
    message: 'The session of {username} has ended and no password is stored.',
    hint: 'Sign in again.',
  },
  password_changed: {
    code: 'bad_credentials',
    message: 'The backend no longer accepts the stored password of {username}.',
    hint: 'Sign in with the new password.',
  },
  clock_ahead: {
    code: 'unavailable',
    message: 'The backend’s clock is {skewMs} ahead of this computer’s.',
    hint: 'Let both set their clocks from the network (NTP).',
  },
  clock_behind: {
    code: 'unavailable',
    message: 'The backend’s clock is {skewMs} behind this computer’s.',
    hint: 'Let both set their clocks from the network (NTP).',
  },
  other_deployment: {
    code: 'conflict',
    message: 'Another deployment now answers at this address; the change was meant for the previous one.',
    hint: 'Discard it, or retry it if the alert exists there as well.',
  },

  // Alerts and pending changes
  sign_in_to_change: {
    code: 'token_missing',
    message: 'You aren’t signed in on {connection}.',
    hint: 'Sign in first: the change carries your name.',
  },
  alert_unknown: {
    code: 'not_found',
    message: 'This console doesn’t know the alert {id} of {connection}.',
    hint: 'Resolved alerts are kept for {keptMs}.',
  },
  alert_unknown_offline: {
    code: 'not_found',
    message: 'This console doesn’t know the alert {id} of {connection}.',
    hint: 'Look again when the connection is live.',
  },
  alert_resolved: { code: 'already_resolved', message: 'The alert has resolved.', hint: 'There is nothing left to do.' },
  alerts_resolved: { code: 'already_resolved', message: 'All {count} alerts have resolved.', hint: 'There is nothing left to do.' },
  snooze_in_past: {
    code: 'validation_failed',
    message: 'The snooze would end before it begins.',
    hint: 'Choose a time in the future.',
  },
  change_gone: { code: 'not_found', message: 'This change is no longer pending: it was delivered or discarded.' },
  nothing_to_undo: { code: 'not_found', message: 'There is nothing left to undo.' },
  other_person: {
    code: 'forbidden',
    message: 'The change was made by {author}; {username} is signed in now.',
    hint: 'Sign in as {author} to deliver it, or discard it.',
  },
  nobody_signed_in: {
    code: 'forbidden',
    message: '{author} made this change, but no one is signed in now.',
    hint: 'Sign in as {author} to deliver it, or discard it.',
  },

  // Charts, dashboards and documents
  range_reversed: {
    code: 'invalid_time_range',
    message: 'The range ends before it begins.',
    hint: 'Choose an end after the start.',
  },
  dashboard_unknown: { code: 'not_found', message: 'There is no dashboard {code}.' },
  charts_never_read: {
    code: 'unavailable',
    message: 'The charts of this dashboard have never been read on this computer.',
    hint: 'Export it when the backend can be reached.',
  },
  not_json: {
    code: 'validation_failed',
    message: 'This isn’t JSON.',
    hint: 'Paste the whole file as it was exported.',
  },
  too_many_documents: {
    code: 'rate_limited',
    message: 'The most documents that can be made at once are being made: {count}.',
    hint: 'Wait for one to finish, or cancel it.',
  },
  document_gone: { code: 'not_found', message: 'This document was cancelled.', hint: 'Export again.' },
  document_cancelled: { code: 'unavailable', message: 'The export was cancelled.' },
  picture_unexpected: { code: 'validation_failed', message: 'The report has no panel {panel}.' },
  picture_not_png: { code: 'validation_failed', message: 'The image of panel {panel} isn’t a PNG.' },
  pictures_too_large: {
    code: 'payload_too_large',
    message: 'The images are larger than {limitBytes} in total.',
    hint: 'Export fewer panels, or from a smaller window.',
  },
  time_zone_unknown: {
    code: 'validation_failed',
    message: 'There is no time zone {timeZone}.',
    hint: 'Use a name such as Asia/Dubai.',
  },

  // The console itself
  closing: { code: 'unavailable', message: 'The console is closing.' },
  core_unreachable: {
    code: 'unavailable',
    message: 'The console’s core didn’t answer.',
    hint: 'This window keeps trying. If this stays, check whether the console’s process is still running.',
  },
  error_unreadable: { code: 'internal', message: 'The console’s core answered with an error that can’t be read.' },
  too_many_calls: { code: 'rate_limited', message: 'More than {count} calls are in progress.', hint: 'Wait for some to finish.' },
  call_unknown: { code: 'not_found', message: 'The console has no {call}.', hint: 'Reload the window.' },
  unexpected: {
    code: 'internal',
    message: 'Something went wrong inside the console.',
    hint: 'Look in the console’s log for {requestId}.',
  },
  link_not_opened: { code: 'forbidden', message: 'Only web pages and mail addresses can be opened outside the console.' },
  no_browser: { code: 'unavailable', message: 'No program on this computer can open {url}.', hint: 'Copy the address.' },
  secrets_unreadable: {
    code: 'internal',
    message: 'The file of secrets {path} can’t be read.',
    hint: 'Move it away and sign in again: passwords have to be entered once more.',
  },
  no_keychain: {
    code: 'unavailable',
    message: 'This computer has no keychain that can be used ({cause}). Passwords are kept in {path}, readable by its owner only.',
    hint: 'Start a keychain service (on Linux: gnome-keyring or KWallet in the desktop session), restart the console and sign in again.',
  },
  database_thread_ended: {
    code: 'unavailable',
    message: 'The thread of the local database ended before it answered.',
    hint: 'Try again: a new thread has been started.',
  },
  database_failed: {
    code: 'internal',
    message: 'The local database failed: {cause}.',
    hint: 'Restart the console; it checks its database at start.',
  },
  database_disk_full: {
    code: 'disk_full',
    message: 'The disk that holds {file} is full; nothing was changed.',
    hint: 'Free some space, then try again.',
  },
  database_damaged: {
    code: 'internal',
    message: 'The local database is damaged.',
    hint: 'Restart the console: it repairs its database at start.',
  },
  database_restored: {
    code: 'internal',
    message:
      'The local database was damaged ({cause}). A new one was made. Saved from the old one: pending changes {changes}, connections {connections}, unsaved dashboards {drafts}.',
    hint: 'The damaged file is kept as {aside}. Check this computer’s disk. Everything else is read from the backend again.',
  },
  database_restored_in_part: {
    code: 'internal',
    message:
      'The local database was damaged ({cause}). A new one was made. Saved from the old one: pending changes {changes}, connections {connections}, unsaved dashboards {drafts}. Others may be lost.',
    hint: 'The damaged file is kept as {aside}. Check this computer’s disk. Everything else is read from the backend again.',
  },
  database_in_memory: {
    code: 'unavailable',
    message:
      'The local database {file} could not be opened ({cause}). This session keeps its data in memory: pending changes are lost when the console closes.',
    hint: 'Check that the folder {folder} can be written and its disk has room, then start the console again.',
  },
  database_too_new: {
    code: 'version_conflict',
    message:
      'The local database {file} has schema {found}, written by Watchfloor {writer}; this is Watchfloor {console}, which knows schemas up to {known}.',
    hint: 'Start Watchfloor {writer} or newer, or use another data folder with --data. The database was left as it is.',
  },
  // Start
  data_folder_in_use: {
    code: 'conflict',
    message: 'Another console is already using the data folder {folder}.',
    hint: 'Use that console, or choose another folder with --data.',
  },
  data_folder_in_use_by: {
    code: 'conflict',
    message: 'Another console (process {pid}) is already using the data folder {folder}.',
    hint: 'Use that console, or choose another folder with --data.',
  },
  data_folder_in_use_at: {
    code: 'conflict',
    message: 'Another console (process {pid}) is already using the data folder {folder}.',
    hint: 'Open that console: {link}. Or choose another folder with --data.',
  },
  data_folder_full: { code: 'disk_full', message: 'The data folder {folder} can’t be used: {cause}.', hint: 'Free some disk space.' },
  data_folder_unusable: {
    code: 'unavailable',
    message: 'The data folder {folder} can’t be used: {cause}.',
    hint: 'Give this account permission to write there, or choose another folder with --data.',
  },
  flag_needs_folder: { code: 'validation_failed', message: '{flag} needs a folder.' },
  flag_needs_address: { code: 'validation_failed', message: '{flag} needs an address that starts with http:// or https://.' },
  // Launched processes
  part_not_run: { code: 'unavailable', message: 'The process couldn’t be started: {cause}.' },
  part_killed: { code: 'unavailable', message: 'The process was ended by {signal}.' },
  part_exited: { code: 'unavailable', message: 'The process ended with status {status}.' },
  part_failed: { code: 'unavailable', message: 'The process ended: {cause}' },
  part_unreadable: {
    code: 'unavailable',
    message: 'The process started, but this console can’t read what it reported.',
    hint: 'It may be from another version. Install the console and the backend from the same version.',
  },
  part_stopped: { code: 'unavailable', message: 'The process was stopped while it was starting.' },
  // Input, charts and exports
  rule_file: { code: 'validation_failed', message: '{mistakes}' },
  input_missing: { code: 'validation_failed', message: 'A value is missing.' },
  input_too_long: { code: 'validation_failed', message: 'This text is too long: use at most {limit} characters.' },
  input_too_short: { code: 'validation_failed', message: 'This text is too short: use at least {limit} characters.' },
  input_too_many: { code: 'validation_failed', message: 'This list is too long: at most {limit} entries are possible at once.' },
  input_too_few: { code: 'validation_failed', message: 'This list is too short: at least {limit} entries are needed.' },
  input_too_high: { code: 'validation_failed', message: 'This number is too high: use at most {limit}.' },
  input_too_low: { code: 'validation_failed', message: 'This number is too low: use at least {limit}.' },
  reading_cancelled: {
    code: 'unavailable',
    message: 'Loading was cancelled.',
    hint: 'Try again, or choose a shorter range or wider buckets.',
  },
  chart_hidden: { code: 'conflict', message: 'The chart isn’t on screen.', hint: 'Show the chart, then export it.' },
  image_too_large: {
    code: 'query_too_large',
    message: 'The image would have more than {limit} pixels along one side.',
    hint: 'Choose a smaller scale.',
  },
  image_unwritten: { code: 'internal', message: 'The browser couldn’t create the image.', hint: 'Try a smaller scale.' },
} as const satisfies Record<string, { code: ErrorCode; message: string; hint?: string }>;
