package dev.bursar.dataset;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What may be uploaded.
 *
 * @param maxFileSize the largest file that is taken; S3 takes at most 5 GB in one piece
 */
@ConfigurationProperties("bursar.dataset")
record DatasetSettings(@DefaultValue("5GB") DataSize maxFileSize) {}
