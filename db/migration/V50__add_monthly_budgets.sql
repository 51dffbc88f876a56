-- budgets by the month: what each month has is a window of its own
alter table budget
  add column period text not null default 'GRANT' check (period in ('GRANT', 'MONTHLY')),
  add column time_zone text not null default 'UTC',
  add column monthly_amount numeric(18, 6) check (monthly_amount > 0),
  add column carry_over text not null default 'NONE' check (carry_over in ('NONE', 'UNSPENT')),
  add column ends_at timestamptz,
  add constraint budget_by_month_has_its_amount check ((period = 'MONTHLY') = (monthly_amount is not null));
comment on column budget.ends_at is 'until when a monthly budget pays; a grant ends with its only window';
comment on column budget.time_zone is 'in which its months and the days of its statements begin';

-- null: the window of a grant. The index is what makes a month once, however many open it.
alter table budget_window add column month text check (month ~ '^[0-9]{4}-[0-9]{2}$');
create unique index budget_window_once_a_month on budget_window (budget_id, month);
-- found for every hold that is taken
create index budget_window_frozen on budget_window (budget_id) where frozen_at is not null;

-- the window that began last; before the first begins, that one
create function present_window(text, timestamptz) returns bigint language sql stable as $$
  select id from budget_window where budget_id = $1
  order by starts_at > $2, abs(extract(epoch from starts_at - $2)) limit 1
$$;

-- an overrun freezes the budget, also when it happened in a month that is over
create function is_frozen(text) returns boolean language sql stable as $$
  select exists (select from budget_window where budget_id = $1 and frozen_at is not null)
$$;
