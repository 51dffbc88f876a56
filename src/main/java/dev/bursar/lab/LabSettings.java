package dev.bursar.lab;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the installation keeps what is only its own.
 *
 * @param home the folder for the admin's first key
 */
@ConfigurationProperties("bursar")
record LabSettings(@DefaultValue(".bursar") Path home) {}
