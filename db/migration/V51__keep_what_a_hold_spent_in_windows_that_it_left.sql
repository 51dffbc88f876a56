-- a hold may go on in other windows when a month ends; what it has spent stays with those that it left
create table stretch (
  id bigint generated always as identity primary key,
  hold_id text not null references hold,
  windows bigint[] not null,
  spent numeric(18, 6) not null check (spent > 0)
);
create index stretch_of_hold on stretch (hold_id);
create trigger stretch_is_append_only before update or delete on stretch for each row execute function refuse_change();
create trigger stretch_is_never_emptied before truncate on stretch for each statement execute function refuse_change();

-- by the database, so that no statement that moves a hold can forget it
create function keep_stretch() returns trigger language plpgsql as $$
declare
  before numeric;
begin
  select coalesce(sum(spent), 0) into before from stretch where hold_id = new.id;
  if new.charged + new.overrun > before then
    insert into stretch (hold_id, windows, spent) values (new.id, old.windows, new.charged + new.overrun - before);
  end if;
  return null;
end $$;
create trigger hold_leaves_windows after update of windows on hold
  for each row when (old.windows <> new.windows) execute function keep_stretch();

create or replace view ledger_difference as
with entered as (
  select window_id,
    coalesce(sum(amount) filter (where kind = 'CREDIT'), 0) as amount,
    coalesce(sum(case kind when 'HOLD' then amount when 'RELEASE' then -amount when 'CHARGE' then -amount end), 0) as held,
    coalesce(sum(amount) filter (where kind in ('CHARGE', 'ADJUSTMENT')), 0) as charged,
    coalesce(sum(amount) filter (where kind = 'OVERRUN'), 0) as overrun
  from ledger_entry group by window_id
), spending as (
  select h.windows, h.held, h.charged + h.overrun - coalesce(s.spent, 0) as spent
  from hold h left join (select hold_id, sum(spent) as spent from stretch group by hold_id) s on s.hold_id = h.id
  union all
  select windows, 0, spent from stretch
), holding as (
  select window_id, sum(held) as held, sum(spent) as spent
  from spending, unnest(windows) as window_id group by window_id
)
select w.id as window_id, w.budget_id, b.lab_id, f.what, f.balance, f.expected
from budget_window w join budget b on b.id = w.budget_id
left join entered e on e.window_id = w.id left join holding h on h.window_id = w.id,
lateral (values
  ('amount by its entries', w.amount, coalesce(e.amount, 0)),
  ('held by its entries', w.held, coalesce(e.held, 0)),
  ('charged by its entries', w.charged, coalesce(e.charged, 0)),
  ('overrun by its entries', w.overrun, coalesce(e.overrun, 0)),
  ('held by its holds', w.held, coalesce(h.held, 0)),
  ('spent by its holds', w.charged + w.overrun, coalesce(h.spent, 0))
) f (what, balance, expected)
where f.balance <> f.expected;
