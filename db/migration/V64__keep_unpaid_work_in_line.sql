-- whatever holds nothing stands in one line for each budget, also behind a freeze or a stale meter
drop index workload_in_line;
create index workload_in_line on workload (lab_id, waits_for, priority desc, id)
  where state = 'QUEUED' and reason in ('BUDGET', 'FROZEN', 'METER_STALE');
