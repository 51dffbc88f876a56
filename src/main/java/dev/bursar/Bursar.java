package dev.bursar;

import dev.bursar.engine.EngineMain;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * The service; with {@code engine} as its first word, only the stand-in for AWS. It has no error page at an address of its own:
 * what goes wrong is written where it goes wrong ({@code ContainerProblems}).
 */
@SpringBootApplication(exclude = {UserDetailsServiceAutoConfiguration.class, ErrorMvcAutoConfiguration.class})
@ConfigurationPropertiesScan
@EnableScheduling
public class Bursar {

    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("engine")) {
            EngineMain.main(Arrays.copyOfRange(args, 1, args.length));
        } else {
            SpringApplication.run(Bursar.class, args);
        }
    }
}
