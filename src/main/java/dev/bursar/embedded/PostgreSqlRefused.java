package dev.bursar.embedded;

/** One of PostgreSQL's programs ended with an error; its own words follow. */
final class PostgreSqlRefused extends RuntimeException {

    PostgreSqlRefused(String program, String output, boolean asRoot) {
        super("PostgreSQL's " + program + " says: " + output.strip()
                + (asRoot && mentionsNamespaces(output)
                        ? "\nPostgreSQL does not run as root, and this machine allows no user namespaces:"
                                + " start Bursar as another user, or set SPRING_DATASOURCE_URL."
                        : ""));
    }

    private static boolean mentionsNamespaces(String output) {
        return output.contains("unshare");
    }
}
