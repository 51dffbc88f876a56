-- labs, their projects and members, and the keys that members call with
create table lab (
  id text primary key check (id ~ '^[a-z0-9](-?[a-z0-9]){0,39}$'),
  version bigint not null,
  name text not null,
  external_id text unique,
  created_at timestamptz not null
);
create table project (
  lab_id text not null references lab,
  id text not null check (id ~ '^[a-z0-9](-?[a-z0-9]){0,39}$'),
  version bigint not null,
  name text not null,
  external_id text,
  created_at timestamptz not null,
  primary key (lab_id, id),
  unique (lab_id, external_id)
);
create table member (
  key bigint generated always as identity primary key,
  lab_id text references lab,
  id text not null check (id ~ '^[a-z0-9](-?[a-z0-9]){0,39}$'),
  version bigint not null,
  name text not null,
  role text not null check (role in ('VIEWER', 'MEMBER', 'OWNER', 'ADMIN')),
  external_id text,
  removed_at timestamptz,
  created_at timestamptz not null,
  constraint member_admin_has_no_lab check ((role = 'ADMIN') = (lab_id is null)),
  unique nulls not distinct (lab_id, id),
  unique (lab_id, external_id)
);
create table api_key (
  id text primary key,
  version bigint not null,
  member_key bigint not null references member,
  hash bytea not null unique check (length(hash) = 32),
  label text not null,
  may_fund boolean not null default false,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz
);
comment on column api_key.hash is 'SHA-256 of the key; the key itself is shown once and kept nowhere';
comment on column api_key.may_fund is 'budgets:write, for the service account of a portal';
create index api_key_of_member on api_key (member_key);
