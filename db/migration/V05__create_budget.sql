-- money: what may be spent, what is set aside, what is spent, and every movement of it
create table budget (
  id text primary key,
  version bigint not null,
  lab_id text not null references lab,
  project_id text,
  member_id text,
  name text not null,
  reference text,
  external_id text,
  closed_at timestamptz,
  created_at timestamptz not null,
  foreign key (lab_id, project_id) references project (lab_id, id),
  constraint budget_has_one_scope check (project_id is null or member_id is null),
  unique (lab_id, external_id)
);
comment on column budget.reference is 'the grant that pays, as the funder names it';
create unique index budget_one_per_scope on budget (lab_id, project_id, member_id) nulls not distinct where closed_at is null;

create table budget_window (
  id bigint generated always as identity primary key,
  budget_id text not null references budget,
  starts_at timestamptz not null,
  ends_at timestamptz not null default 'infinity',
  amount numeric(18, 6) not null,
  held numeric(18, 6) not null default 0,
  charged numeric(18, 6) not null default 0,
  overrun numeric(18, 6) not null default 0,
  frozen_at timestamptz,
  unique (budget_id, starts_at),
  check (starts_at < ends_at),
  constraint budget_never_overdrawn check (held >= 0 and charged >= 0 and overrun >= 0 and held + charged <= amount)
) with (fillfactor = 50);
comment on column budget_window.overrun is 'what was spent beyond every hold: recorded, alarmed, and freezes the window until a credit clears it';

create table hold (
  id text primary key,
  lab_id text not null references lab,
  project_id text,
  member_id text not null,
  kind text not null,
  instance_type text not null,
  price_book text not null,
  windows bigint[] not null check (cardinality(windows) between 1 and 3),
  held numeric(18, 6) not null default 0 check (held >= 0),
  charged numeric(18, 6) not null default 0 check (charged >= 0),
  overrun numeric(18, 6) not null default 0 check (overrun >= 0),
  paid_until timestamptz,
  opened_at timestamptz not null,
  settled_at timestamptz,
  constraint hold_settled_holds_nothing check (settled_at is null or held = 0)
) with (fillfactor = 70);
create index hold_open on hold (lab_id) where settled_at is null;

create table ledger_entry (
  id bigint generated always as identity primary key,
  window_id bigint not null references budget_window,
  hold_id text references hold,
  kind text not null check (kind in ('CREDIT', 'HOLD', 'CHARGE', 'RELEASE', 'ADJUSTMENT', 'OVERRUN')),
  amount numeric(18, 6) not null check (amount <> 0 and (amount > 0 or kind in ('ADJUSTMENT', 'CREDIT'))),
  at timestamptz not null,
  actor text not null,
  reason text not null,
  reference text,
  price_book text
);
create index ledger_entry_of_window on ledger_entry (window_id, id desc);
create index ledger_entry_of_hold on ledger_entry (hold_id) where hold_id is not null;
create trigger ledger_is_append_only before update or delete on ledger_entry for each row execute function refuse_change();
