-- truncate passes by the triggers on rows
create trigger ledger_is_never_emptied before truncate on ledger_entry for each statement execute function refuse_change();
create trigger event_is_never_emptied before truncate on event for each statement execute function refuse_change();
