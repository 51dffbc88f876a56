-- the first answer to a request, for whoever repeats it
create table idempotency_key (
  caller text not null,
  key text not null check (length(key) between 1 and 255),
  fingerprint bytea not null,
  status int,
  location text,
  body jsonb,
  created_at timestamptz not null,
  primary key (caller, key)
);
create index idempotency_key_age on idempotency_key (created_at);
