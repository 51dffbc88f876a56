-- what the renewal of running work could not hold yet: nothing new takes it (rule M6)
alter table hold add column wanted numeric(18, 6) not null default 0 check (wanted >= 0);
create index hold_wanting on hold (lab_id) where wanted > 0 and settled_at is null;
