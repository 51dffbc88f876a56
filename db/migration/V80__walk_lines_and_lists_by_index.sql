-- a place in line is counted in this index alone, which is why it has waits_for also as it is; what waits for nobody's
-- money stands in a line as well. It also finds what the index that it replaces found.
create index workload_line on workload (lab_id, coalesce(waits_for, ''), priority desc, id) include (waits_for)
  where state = 'QUEUED';
drop index workload_waiting;

-- lists, newest first, by each of their filters
create index workload_of_state on workload (state, id desc);
create index workload_of_lab_in_state on workload (lab_id, state, id desc);
create index workload_of_project on workload (lab_id, project_id, id desc) where project_id is not null;
create index workload_of_member on workload (lab_id, member_id, id desc);
