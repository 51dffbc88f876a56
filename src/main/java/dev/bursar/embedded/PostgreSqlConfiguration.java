package dev.bursar.embedded;

import java.nio.file.Path;

/** The server's settings: durable, private, and small beside a JVM. */
record PostgreSqlConfiguration(int port) {

    private static final String SETTINGS = """
            # Written by Bursar at every start; changes made here are lost.
            listen_addresses = '127.0.0.1'
            port = %d
            unix_socket_directories = ''
            max_connections = 120
            superuser_reserved_connections = 3
            password_encryption = 'scram-sha-256'

            fsync = on
            synchronous_commit = on
            full_page_writes = on
            wal_level = minimal
            max_wal_senders = 0
            min_wal_size = '32MB'
            max_wal_size = '256MB'

            shared_buffers = '64MB'
            effective_cache_size = '256MB'
            work_mem = '4MB'
            maintenance_work_mem = '32MB'
            huge_pages = off
            jit = off
            io_method = sync
            max_worker_processes = 2
            max_parallel_workers_per_gather = 0
            max_logical_replication_workers = 0
            autovacuum_max_workers = 2

            timezone = 'UTC'
            log_timezone = 'UTC'
            lc_messages = 'C'
            log_checkpoints = off
            log_line_prefix = '%%m [%%p] %%q%%u '
            """;

    void writeTo(Path cluster) {
        new PrivateFolder(cluster).write("postgresql.conf", SETTINGS.formatted(port));
    }
}
