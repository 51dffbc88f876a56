-- the time that a running workload's hold pays for; who comes near its end renews it or is stopped
create table paid_time (
  workload_id text primary key references workload,
  paid_from timestamptz not null,
  paid_until timestamptz not null,
  renew_at timestamptz not null,
  used_ms bigint not null default 0 check (used_ms >= 0),
  constraint paid_time_has_a_length check (paid_from < paid_until)
) with (fillfactor = 70);
comment on column paid_time.paid_from is 'when it started, as SageMaker says; before that is known, when its Create was first meant to be sent';
comment on column paid_time.used_ms is 'instance time since paid_from, as SageMaker last said it';
create index paid_time_due on paid_time (renew_at);

-- never written: the paid time says it
alter table hold drop column paid_until;
