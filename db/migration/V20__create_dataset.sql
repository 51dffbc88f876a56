-- named data of a lab; its files are in S3, under the lab's prefix
create table dataset (
  lab_id text not null references lab,
  name text not null constraint dataset_name_is_a_slug check (name ~ '^[a-z0-9](-?[a-z0-9]){0,39}$'),
  version bigint not null,
  description text,
  created_at timestamptz not null,
  created_by text not null,
  primary key (lab_id, name)
);
comment on column dataset.name is 'stands in addresses and in S3 keys: labs/{lab}/datasets/{name}/{path}';
