-- how far what SageMaker says has changed was read, for each kind in each AWS account
create table feed (
  aws_account_id bigint not null references aws_account,
  kind text not null,
  watermark timestamptz not null,
  due_at timestamptz not null,
  read_at timestamptz,
  primary key (aws_account_id, kind)
);
comment on column feed.watermark is 'everything that changed before, by SageMaker''s clock, was read';
comment on column feed.due_at is 'when somebody must read on; whoever claims it moves it ahead';
