-- the service's own role reads and writes, but owns nothing and cannot rewrite history
do $$
begin
  if '${runtimeRole}' <> current_user then
    execute format('grant usage on schema public to %I', '${runtimeRole}');
    execute format('grant select, insert, update, delete on all tables in schema public to %I', '${runtimeRole}');
    execute format('grant usage, select on all sequences in schema public to %I', '${runtimeRole}');
    execute format('revoke update, delete, truncate on ledger_entry, event from %I', '${runtimeRole}');
    execute format('revoke insert, update, delete, truncate on flyway_schema_history from %I', '${runtimeRole}');
  end if;
end $$;
