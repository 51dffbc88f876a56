-- money that was brought into a lab, and shares of it: a share pays only beside what was given (rule M9)
alter table budget add column given boolean;

-- Those of whole labs were always an admin's or a funding key's to open, credit and change. Of others it is known who opened them;
-- where somebody of the lab without that right has put money in, raised its months or moved its end since, or where nobody
-- knows who opened it, it is a share: what such a mixture should pay by itself nobody can tell, so an admin gives it anew.
update budget b set given = project_id is null and member_id is null
  or exists (
    select from event e left join api_key k on k.id = e.key_id
    where e.subject = b.id and e.type = 'budget.opened' and (e.actor not like '%/%' or k.may_fund))
  and id not in (
    select coalesce(case e.type when 'budget.transferred' then e.data ->> 'to' else e.subject end, '')
    from event e left join api_key k on k.id = e.key_id
    where e.actor like '%/%' and k.may_fund is not true
      and (e.type in ('budget.credited', 'budget.transferred') or e.type = 'budget.revised'
        and (e.data -> 'after' ->> 'monthlyAmount' is not null or e.data -> 'after' ->> 'endsAt' is not null)));
alter table budget alter column given set not null;
comment on column budget.given is
  'opened by an admin or a key with budgets:write, and pays by itself; else a share, which pays only beside one that was given';

create function keep_given() returns trigger language plpgsql as $$
begin
  raise exception 'whether the money of a budget was given never changes' using errcode = 'restrict_violation';
end $$;
create trigger budget_given_is_kept before update of given on budget
  for each row when (old.given <> new.given) execute function keep_given();

create function is_given(text) returns boolean language sql stable as $$
  select given from budget where id = $1
$$;
