-- a closed budget's windows say so themselves, because only they are locked when money is held
alter table budget_window add column closed_at timestamptz;
comment on column budget_window.closed_at is 'from then on nothing new is held; what is held is still paid';
