-- what keeps a row that cannot be looked after from holding up any other
alter table workload add column looked_at timestamptz;
alter table workload add column failures int not null default 0 check (failures >= 0);
alter table workload add column failing_since timestamptz;
alter table workload add column foreign_since timestamptz;
comment on column workload.looked_at is 'when AWS last answered a look at it, whatever became of the answer; its silence alone makes a meter stale';
comment on column workload.failures is 'how often in a row it could not be looked after; its wait grows with it';
comment on column workload.failing_since is 'since when it cannot be looked after';
comment on column workload.foreign_since is 'since when somebody else''s job is known to have its name';
create index workload_failing on workload (failing_since) where failing_since is not null;
