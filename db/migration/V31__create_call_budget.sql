-- calls to SageMaker that all replicas may make together, as buckets of tokens
create table call_budget (
  account text not null,
  region text not null,
  operation text not null,
  rate double precision not null check (rate > 0),
  tokens double precision not null check (tokens >= 0),
  refilled_at timestamptz not null,
  slowed_at timestamptz not null default '-infinity',
  primary key (account, region, operation)
);
comment on table call_budget is
  'the only table that goes by the database clock: AWS meters calls in real time, whatever time the service lives in,
and replicas whose clocks differ must still share one bucket';
comment on column call_budget.rate is 'tokens a second at refilled_at; a throttle lowers it, quiet minutes raise it to its ceiling';
comment on column call_budget.slowed_at is 'one throttle a second counts: those of calls that were already on their way say nothing new';
