/** An account as a Yealink's file has it. */
export interface Account {
  username: string;
  password: string;
  server: string;
  port: string;
  provisioningUrl: string;
}

/** What a Yealink reads out of its file, as far as a terminal in a test needs it. */
export function accountIn(text: string): Account {
  const lines = text.split('\n').map((line) => /^([\w.]+)\s*=\s*(.*)$/.exec(line));
  const values = new Map(lines.map((match) => [match?.[1] ?? '', match?.[2] ?? '']));
  const value = (name: string): string => {
    const found = values.get(name);
    if (found === undefined) throw new Error(`${name} is not in the file`);
    return found;
  };
  return {
    username: value('account.1.auth_name'),
    password: value('account.1.password'),
    server: value('account.1.sip_server.1.address'),
    port: value('account.1.sip_server.1.port'),
    provisioningUrl: values.get('static.auto_provision.server.url') ?? value('auto_provision.server.url'),
  };
}
