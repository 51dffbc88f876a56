-- where a balance is not what its entries, or the holds in it, add up to; empty, unless something is wrong
create view ledger_difference as
with entered as (
  select window_id,
    coalesce(sum(amount) filter (where kind = 'CREDIT'), 0) as amount,
    coalesce(sum(case kind when 'HOLD' then amount when 'RELEASE' then -amount when 'CHARGE' then -amount end), 0) as held,
    coalesce(sum(amount) filter (where kind in ('CHARGE', 'ADJUSTMENT')), 0) as charged,
    coalesce(sum(amount) filter (where kind = 'OVERRUN'), 0) as overrun
  from ledger_entry group by window_id
), holding as (
  select window_id, sum(held) as held, sum(charged + overrun) as spent
  from hold, unnest(windows) as window_id group by window_id
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
