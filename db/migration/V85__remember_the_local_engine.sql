-- the engine that plays AWS for this database, where one does: a second one would know nothing of the first one's jobs
create table local_engine (
  only_one boolean primary key default true,
  id text not null,
  since timestamptz not null,
  constraint local_engine_is_one check (only_one)
);
comment on column local_engine.id is 'drawn once, kept in the engine''s folder';
