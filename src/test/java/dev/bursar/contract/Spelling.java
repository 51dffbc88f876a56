package dev.bursar.contract;

import dev.bursar.contract.AccessScene.Prepared;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Another way to write a request, in the hope that whoever guards the door reads it otherwise than whoever opens it.
 *
 * @param twin what it comes to when its trick does nothing, where that is not the plain request
 */
record Spelling(String name, Prepared request, @Nullable Prepared twin) {

    static List<Spelling> of(Prepared plain, URI service) {
        var path = plain.address().split("\\?", 2)[0];
        var query = plain.address().substring(path.length());
        var all = new ArrayList<Spelling>();
        var slashes = slashesOf(path);
        for (int at : slashes) {
            if (at + 1 < path.length()) {
                var disguised = "%%%02x".formatted((int) path.charAt(at + 1));
                all.add(at(plain, "encoded letter", replaced(path, at + 1, disguised) + query));
            }
            all.add(at(plain, "double slash", replaced(path, at, "//") + query));
            all.add(at(plain, "/./", replaced(path, at, "/./") + query));
            all.add(at(plain, "%2F", at == 0 ? path + "%2F" + query : replaced(path, at, "%2F") + query));
        }
        all.add(at(plain, "parameter of a segment", path + ";x=y" + query));
        all.add(at(plain, "parameter of the first segment", path.replaceFirst("^(/[^/]+)", "$1;x=y") + query));
        all.add(at(plain, "upper case", path.toUpperCase(Locale.ROOT) + query));
        all.add(at(plain, "upper case of the first segment", upperFirst(path) + query));
        all.add(at(plain, "trailing slash", path + "/" + query));
        all.add(at(plain, "a step back", path.replaceFirst("^(/[^/]+)", "$1/../$1") + query));
        all.add(at(plain, "absolute", service + plain.address()));
        all.add(at(
                plain,
                "absolute with an encoded letter",
                service + replaced(path, 1, "%%%02x".formatted((int) path.charAt(1))) + query));
        all.add(new Spelling("HEAD", bare("HEAD", plain), bare("GET", plain)));
        all.add(new Spelling("OPTIONS", bare("OPTIONS", plain), null));
        var sent = plain.method().equals("GET") ? "POST" : "GET";
        all.add(new Spelling("method override", overridden(plain, sent), bare(sent, plain)));
        return all;
    }

    private static Prepared bare(String method, Prepared plain) {
        return new Prepared(method, plain.address(), "", Map.of());
    }

    private static List<Integer> slashesOf(String path) {
        var slashes = new ArrayList<Integer>();
        for (int at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
            slashes.add(at);
        }
        return slashes;
    }

    private static Prepared overridden(Prepared plain, String sent) {
        var headers = new HashMap<>(plain.headers());
        headers.put("X-HTTP-Method-Override", plain.method());
        var address = plain.address() + (plain.address().contains("?") ? "&" : "?") + "_method=" + plain.method();
        return new Prepared(sent, address, plain.body(), headers);
    }

    private static Spelling at(Prepared plain, String name, String target) {
        return new Spelling(name, new Prepared(plain.method(), target, plain.body(), plain.headers()), null);
    }

    private static String upperFirst(String path) {
        var end = path.indexOf('/', 1);
        return end < 0
                ? path.toUpperCase(Locale.ROOT)
                : path.substring(0, end).toUpperCase(Locale.ROOT) + path.substring(end);
    }

    private static String replaced(String text, int at, String with) {
        return text.substring(0, at) + with + text.substring(at + 1);
    }
}
