-- what queued work waits for, and the AWS account that work runs in
alter table workload add column waits_for text;
alter table workload add column invisible_since timestamptz;
comment on column workload.waits_for is 'the budget whose money it waits for';
comment on column workload.invisible_since is 'since when SageMaker does not see something it needs, such as a new role';

-- the AWS account that it was admitted with; a lab may move to another one while its work runs
alter table workload add column aws_account_id bigint references aws_account;
update workload w set aws_account_id = (
  select a.id from aws_account a where a.lab_id = w.lab_id or a.lab_id is null order by a.lab_id nulls last limit 1);
alter table workload alter column aws_account_id set not null;
-- who is first in line for each budget's money, and whose place is shown
create index workload_in_line on workload (lab_id, waits_for, priority desc, id) where state = 'QUEUED' and reason = 'BUDGET';
create index workload_waiting on workload (lab_id) where state = 'QUEUED';
