-- everything that costs money; the row is the queue
create table workload (
  id text primary key check (id ~ '^[0-9a-hjkmnp-tv-z]{16}$'),
  version bigint not null,
  kind text not null,
  lab_id text not null references lab,
  project_id text,
  member_id text not null,
  name text not null,
  spec jsonb not null,
  quote jsonb not null,
  state text not null check (state in ('PENDING_APPROVAL', 'REJECTED', 'QUEUED', 'STARTING', 'IN_PROGRESS', 'STOPPING',
    'HIBERNATED', 'COMPLETED', 'FAILED', 'STOPPED')),
  reason text check (reason in ('BUDGET', 'CONCURRENCY', 'CAPACITY', 'RATE_LIMIT', 'METER_STALE', 'FROZEN')),
  message text,
  secondary_status text,
  attempt int not null default 0 check (attempt between 0 and 99),
  sagemaker_name text unique,
  arn text,
  stop_cause text check (stop_cause in ('USER', 'MAX_RUNTIME', 'MAX_COST', 'LEASE_END', 'IDLE', 'TIME_TO_LIVE',
    'BUDGET_ACTION', 'FROZEN', 'WAITED_TOO_LONG')),
  stop_requested_at timestamptz,
  priority int not null default 0,
  due_at timestamptz,
  sendable_until timestamptz,
  unknown_until timestamptz,
  seen_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  settled_at timestamptz,
  outcome jsonb,
  created_at timestamptz not null,
  constraint workload_never_forgotten check (due_at is not null or state in ('REJECTED', 'HIBERNATED')
    or (state in ('COMPLETED', 'FAILED', 'STOPPED') and settled_at is not null))
) with (fillfactor = 70);
comment on column workload.due_at is 'when somebody must look after it next; claiming is moving it ahead';
comment on column workload.sendable_until is 'the last moment at which the Create of this attempt may still be sent';
comment on column workload.unknown_until is 'before this, "SageMaker has no such job" is not believed';
create index workload_queue on workload (priority desc, id) where state = 'QUEUED';
create index workload_due on workload (due_at) where due_at is not null and state <> 'QUEUED';
create index workload_of_lab on workload (lab_id, id desc);
