package dev.bursar.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/**
 * HTTP with a new connection for every request. An upload is a stream and cannot be sent a second time by itself, so it
 * must not meet a kept connection that the other side has closed meanwhile.
 */
public final class FreshConnections {

    private FreshConnections() {}

    public static SdkHttpClient client() {
        return UrlConnectionHttpClient.create(FreshConnections::open);
    }

    private static HttpURLConnection open(URI address) {
        try {
            var connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setRequestProperty("Connection", "close");
            return connection;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
