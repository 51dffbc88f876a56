-- what AWS does not allow is another reason to wait than too many calls
alter table workload drop constraint workload_reason_check, add constraint workload_reason_check
  check (reason in ('BUDGET', 'CONCURRENCY', 'CAPACITY', 'RATE_LIMIT', 'DENIED', 'METER_STALE', 'FROZEN'));
