/** The API said no. */
export class ApiRefusal extends Error {
  /** HTTP status. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** A client of the product's API, for programs that drive it from outside. */
export class ApiClient {
  /** Where the API is, with its version: `http://host:port/api/v1`. */
  readonly url: string;
  /** Sent with each request once there is one. */
  token = '';

  constructor(url: string) {
    this.url = url;
  }

  /** @throws ApiRefusal */
  async logIn(username: string, password: string): Promise<void> {
    const { token } = await this.ask<{ token: string }>('POST', '/login', { username, password });
    this.token = token;
  }

  get bearer(): Record<string, string> {
    return this.token === '' ? {} : { Authorization: `Bearer ${this.token}` };
  }

  /** One request; the answer's JSON, nothing when it has none. @throws ApiRefusal with the answer */
  async ask<T = unknown>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...this.bearer, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new ApiRefusal(`${method} ${path}: ${response.status} ${text}`, response.status);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
