-- who this installation is, and the AWS accounts that labs work in
create table installation (
  only_row boolean primary key default true check (only_row),
  id text not null check (id ~ '^[a-z0-9]{6}$'),
  created_at timestamptz not null
);
comment on column installation.id is 'starts every SageMaker name of ours; a copied database is found out by it';

create table aws_account (
  id bigint generated always as identity primary key,
  lab_id text unique nulls not distinct,
  account text not null check (account ~ '^[0-9]{12}$'),
  region text not null,
  assume_role_arn text,
  execution_role_arn text not null,
  bucket text not null,
  prefix text not null default '' check (prefix = '' or prefix ~ '/$'),
  created_at timestamptz not null
);
comment on column aws_account.lab_id is 'null: for every lab that has no row of its own';
