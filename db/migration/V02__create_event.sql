-- what happened: history of every workload, audit log and outbox in one
create table event (
  id bigint generated always as identity primary key,
  tx xid8 not null default pg_current_xact_id(),
  at timestamptz not null,
  type text not null,
  lab_id text,
  subject text,
  actor text not null,
  on_behalf_of text,
  key_id text,
  request_id text,
  data jsonb
);
comment on column event.tx is 'ids become visible out of order: a reader by cursor stops before the oldest running transaction';
create index event_of_subject on event (subject, id);
create index event_of_lab on event (lab_id, id);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger event_is_append_only before update or delete on event for each row execute function refuse_change();
