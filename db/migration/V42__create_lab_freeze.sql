-- labs in which nothing new is admitted or started
create table lab_freeze (
  lab_id text primary key references lab,
  stop text not null check (stop in ('NOTHING', 'LEASED', 'ALL')),
  reason text not null,
  frozen_by text not null,
  frozen_at timestamptz not null
);
